/** Left of the bags: parcels in no bag by route, closed bags on their way, voided ones. One cursor over all. */
import { useEffect, useRef, type ReactNode } from 'react';
import type { BagView } from '#contract';
import { bagRows, rowActions, runRowAction, shownBagRow, type BagRow } from '../../state/bag-actions.ts';
import { useNoticeText, useText } from '../../state/locale.ts';
import { useStore } from '../../state/store.ts';
import { Badge, Button, KeyCap } from '../../ui/parts.tsx';
import { kilograms } from './weights.ts';

const groups = ['loose', 'waiting', 'voided'] as const;

export function BagList(): ReactNode {
  const text = useText();
  const bags = useStore((state) => state.bags);
  const cursor = useStore(shownBagRow);
  const rows = bagRows(bags);
  return (
    <nav className="queue bag-list" aria-label={text('ui.bags.list')}>
      <p className="queue-note">
        <span>
          <KeyCap name="↑" /> <KeyCap name="↓" /> {text('ui.bags.key.row')}
        </span>
      </p>
      {groups.map((group) => {
        const own = rows.flatMap((row, index) => (row.kind === group ? [{ row, index }] : []));
        if (own.length === 0 && group === 'voided') return null;
        return (
          <section key={group} className="bag-group" data-testid={`bags-${group}`} data-count={own.length}>
            <h2>
              {text(`ui.bags.group.${group}`)} <b>{own.length}</b>
            </h2>
            {own.length === 0 ? <p className="faint">{text(`ui.bags.group.${group}.none`)}</p> : null}
            <ul>
              {own.map(({ row, index }) => (
                <Row key={row.key} row={row} index={index} chosen={index === cursor} />
              ))}
            </ul>
          </section>
        );
      })}
    </nav>
  );
}

function Row({
  row,
  index,
  chosen,
}: {
  readonly row: BagRow;
  readonly index: number;
  readonly chosen: boolean;
}): ReactNode {
  const text = useText();
  const item = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (chosen) item.current?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  const actions = rowActions(row);
  return (
    <li
      ref={item}
      className={chosen ? 'bag-row is-chosen' : 'bag-row'}
      data-testid="bag-row"
      data-kind={row.kind}
      data-stage={row.kind === 'loose' ? '' : row.bag.stage}
      data-bag={row.kind === 'loose' ? '' : row.bag.number}
      data-destination={row.kind === 'loose' ? row.loose.route.destination : row.bag.route.destination}
    >
      <button type="button" tabIndex={-1} onClick={() => useStore.setState({ bagRow: index })}>
        {row.kind === 'loose' ? <Loose row={row} /> : <Bag bag={row.bag} />}
      </button>
      {chosen && actions.length > 0 ? (
        <div className="bag-row-actions">
          {actions.map((action, at) => (
            <Button
              key={action}
              quiet
              keyName={String(at + 1)}
              testId={`row-${action}`}
              onPress={() => runRowAction(row, action)}
            >
              {text(`ui.bags.command.${action}`)}
            </Button>
          ))}
        </div>
      ) : null}
    </li>
  );
}

function Loose({ row }: { readonly row: Extract<BagRow, { kind: 'loose' }> }): ReactNode {
  const text = useText();
  const { route, parcels, weightG, open } = row.loose;
  return (
    <>
      <span className="bag-row-head">
        <b className="bag-row-destination">{route.destination}</b>
        <span>
          {route.vendorName} {route.service ?? text('ui.bags.any-service')}
        </span>
        {open ? <Badge kind="plain">{text('ui.bags.has-bag')}</Badge> : null}
      </span>
      <span className="bag-row-more">
        {text('ui.bags.loose-count', { count: parcels, weight: kilograms(weightG) })}
      </span>
    </>
  );
}

function Bag({ bag }: { readonly bag: BagView }): ReactNode {
  const text = useText();
  const notice = useNoticeText();
  return (
    <>
      <span className="bag-row-head">
        <b className="bag-row-destination">{bag.route.destination}</b>
        <code>{bag.label?.number ?? bag.vendorBagNumber ?? bag.number}</code>
      </span>
      <span className="bag-row-more">
        {text('ui.bags.bag-count', {
          count: bag.parcels,
          weight: kilograms(bag.grossWeightG ?? bag.parcelsWeightG + bag.tareG),
        })}
        {bag.voidReason === null || bag.stage !== 'voided' ? null : ` · ${bag.voidReason}`}
        <span className={`bag-stage stage-${bag.stage}`}>{stageText(text, bag)}</span>
      </span>
      {bag.notice === null ? null : (
        <span className={`bag-row-notice tone-${bag.notice.tone}`}>{notice(bag.notice)}</span>
      )}
    </>
  );
}

/** A label in the printer is another thing than one that waits. */
function stageText(text: (code: string) => string, { stage, label }: BagView): string {
  const printing =
    stage === 'label' && (label?.print === 'claimed' || label?.print === 'preflight' || label?.print === 'sending');
  return text(printing ? 'ui.bags.stage.printing' : `ui.bags.stage.${stage}`);
}
