/** The order on the desk: for whom, what to watch out for, and how far each line is. */
import { useEffect, useRef, type ReactNode, type RefObject } from 'react';
import type { OrderLine } from '#contract';
import { commandOf } from '../../input/commands.ts';
import { useText } from '../../state/locale.ts';
import { useStore } from '../../state/store.ts';
import { Icon } from '../../ui/icon.tsx';
import { Badge, Button } from '../../ui/parts.tsx';

const noLines: readonly OrderLine[] = [];

export function OrderPanel(): ReactNode {
  const order = useStore((state) => state.pack?.order ?? null);
  const remark = useStore((state) => state.pack?.remark ?? '');
  const lines = useStore((state) => state.pack?.lines ?? noLines);
  const asked = useStore((state) => state.pack !== null && state.pack.prompt !== null);
  const text = useText();
  const list = useShownWork(lines);
  if (order === null) {
    return (
      <section className="order order-none" data-testid="no-order">
        <Icon name="scan" />
        <h2>{text('ui.pack.no-order')}</h2>
        <p>{text('ui.pack.no-order-hint')}</p>
      </section>
    );
  }
  const needed = lines.reduce((sum, line) => sum + line.scansNeeded, 0);
  const done = lines.reduce((sum, line) => sum + Math.min(line.scansDone, line.scansNeeded), 0);
  return (
    <section className="order" data-testid="order" data-order={order.id}>
      <header className="order-head">
        <h2 className="order-number" data-testid="order-number">
          {order.number}
        </h2>
        {order.hasGift ? (
          <Badge kind="gift" testId="order-gift">
            {text('ui.badge.gift')}
          </Badge>
        ) : null}
        {order.dueDate === null ? null : (
          <span className="order-due">
            {text('ui.pack.due')} {order.dueDate}
          </span>
        )}
        <span className="order-total" data-testid="items-total">
          {text('ui.pack.items-total', { done, needed })}
        </span>
      </header>
      <dl className="order-who">
        <dt>{text('ui.pack.customer')}</dt>
        <dd>{order.customerName}</dd>
        <dt>{text('ui.pack.receiver')}</dt>
        <dd>
          <strong>{order.receiverName}</strong>{' '}
          {order.country === 'CN' ? null : <b className="country">{order.country}</b>} {order.receiverAddress}
        </dd>
      </dl>
      {remark === '' ? null : (
        <p className="order-remark" data-testid="order-remark">
          <Icon name="warn" />
          <strong>{text('ui.pack.remark')}</strong> <span>{remark}</span>
        </p>
      )}
      <ol className="lines" ref={list} aria-label={text('ui.pack.lines')}>
        {lines.map((line) => (
          <Line key={line.id} line={line} />
        ))}
      </ol>
      {asked ? null : <OrderCommands />}
    </section>
  );
}

/**
 * Keeps the work in view by itself, as the packer has no hand for scrolling: the line that was just scanned, or, when
 * it is complete, the first that is not.
 */
function useShownWork(lines: readonly OrderLine[]): RefObject<HTMLOListElement | null> {
  const list = useRef<HTMLOListElement>(null);
  const before = useRef(lines);
  useEffect(() => {
    const doneBefore = new Map(before.current.map((line) => [line.id, line.scansDone]));
    before.current = lines;
    const open = lines.findIndex((line) => line.scansDone < line.scansNeeded);
    const scanned = lines.findIndex((line) => (doneBefore.get(line.id) ?? line.scansDone) !== line.scansDone);
    const scannedLine = lines[scanned];
    const unfinished = scannedLine !== undefined && scannedLine.scansDone < scannedLine.scansNeeded;
    const shown = unfinished || open < 0 ? scanned : open;
    list.current?.children[shown]?.scrollIntoView({ block: 'nearest' });
  }, [lines]);
  return list;
}

function Line({ line }: { readonly line: OrderLine }): ReactNode {
  const text = useText();
  const complete = line.scansDone >= line.scansNeeded;
  return (
    <li
      className={complete ? 'line is-complete' : line.scansDone > 0 ? 'line is-started' : 'line'}
      data-testid={`line-${line.id}`}
      data-product={line.productCode}
      data-done={line.scansDone}
      data-needed={line.scansNeeded}
    >
      <div className="line-goods">
        <span className="line-name">
          {line.gift ? <Badge kind="gift">{text('ui.badge.gift')}</Badge> : null} {line.productName}
        </span>
        <span className="line-code">
          {line.productCode}
          {line.remark === '' ? null : <em className="line-remark">{line.remark}</em>}
        </span>
      </div>
      <div className="line-quantity">
        <strong>
          {line.quantity} {line.unitName}
        </strong>
        {line.baseQuantity === null || line.baseUnitName === null || line.baseUnitName === line.unitName ? null : (
          <small>{text('ui.pack.base', { quantity: line.baseQuantity, unit: line.baseUnitName })}</small>
        )}
      </div>
      <div
        className="line-progress"
        aria-label={text('ui.pack.progress', { done: line.scansDone, needed: line.scansNeeded })}
      >
        <span className="line-count">
          {complete ? <Icon name="check" /> : null}
          {line.scansDone}/{line.scansNeeded}
        </span>
        <progress value={line.scansDone} max={Math.max(1, line.scansNeeded)} />
      </div>
    </li>
  );
}

const shown = [
  'release-order',
  'reprint',
  'print-slip',
  'undo-scan',
  'skip-scan-back',
  'override-weight',
  'tare',
] as const;

function OrderCommands(): ReactNode {
  const text = useText();
  const available = useStore((state) => shown.filter((id) => commandOf(id)?.available(state) === true).join(' '));
  return (
    <footer className="order-commands">
      {available.split(' ').map((id) => {
        const command = commandOf(id);
        if (command === undefined) return null;
        return (
          <Button
            key={id}
            quiet
            keyName={command.key}
            testId={`command-${id}`}
            onPress={() => command.run(useStore.getState())}
          >
            {text(command.label)}
          </Button>
        );
      })}
    </footer>
  );
}
