/** The order queue: how many stand where, a search box that no scan falls into, and rows read as they are needed. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { useDeferredValue, useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { OrderRow } from '#contract';
import { OrderStatus } from '#contract';
import { onQueueKey } from '../../input/commands.ts';
import { useText } from '../../state/locale.ts';
import { lookAt, sendScan, setQueueSearch, setQueueStatus } from '../../state/actions.ts';
import { useStore } from '../../state/store.ts';
import { Badge, KeyCap } from '../../ui/parts.tsx';
import { useOrderRows, useShownRows } from './use-order-rows.ts';

const rowHeight = 76;

export function QueuePanel(): ReactNode {
  const text = useText();
  return (
    <nav className="queue" aria-label={text('ui.queue.title')}>
      <Tabs />
      <Rows />
    </nav>
  );
}

function Tabs(): ReactNode {
  const text = useText();
  const counts = useStore((state) => state.queue?.counts ?? null);
  const chosen = useStore((state) => state.queueStatus);
  const all = counts === null ? null : Object.values(counts).reduce((sum, count) => sum + count, 0);
  return (
    <div className="tabs" role="group" aria-label={text('ui.queue.title')}>
      {([...OrderStatus.options, null] as const).map((status) => (
        <button
          key={status ?? 'all'}
          type="button"
          className={`tab status-${status ?? 'all'}`}
          aria-pressed={chosen === status}
          onClick={() => setQueueStatus(status)}
          data-testid={`tab-${status ?? 'all'}`}
        >
          <span>{status === null ? text('ui.queue.all') : text(`ui.status.${status}`)}</span>
          <b>{status === null ? (all ?? '–') : (counts?.[status] ?? '–')}</b>
        </button>
      ))}
    </div>
  );
}

function Rows(): ReactNode {
  const text = useText();
  const search = useStore((state) => state.queueSearch);
  const deferred = useDeferredValue(search);
  const pages = useOrderRows(deferred);
  const box = useRef<HTMLInputElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const [selected, setSelected] = useState(0);
  const total = pages.total ?? 0;
  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 6,
  });
  const items = virtual.getVirtualItems();
  useShownRows(pages, items[0]?.index ?? 0, items.at(-1)?.index ?? 0);
  useEffect(
    () =>
      onQueueKey(() => {
        box.current?.focus();
        box.current?.select();
      }),
    [],
  );

  const move = (step: number): void => {
    const index = Math.min(Math.max(0, selected + step), Math.max(0, total - 1));
    setSelected(index);
    virtual.scrollToIndex(index);
  };
  const open = (row: OrderRow | undefined): void => {
    if (row === undefined) return;
    box.current?.blur();
    // A shipped order cannot be packed again; what one wants of it is where it is.
    if (row.status === 'shipped') lookAt(row);
    else sendScan(row.number, 'keyboard');
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown') move(1);
    else if (event.key === 'ArrowUp') move(-1);
    else if (event.key === 'PageDown') move(8);
    else if (event.key === 'PageUp') move(-8);
    else if (event.key === 'Enter') open(pages.rowAt(selected));
    else if (event.key === 'Escape') {
      setQueueSearch('');
      box.current?.blur();
    } else return;
    event.preventDefault();
  };

  return (
    <>
      <div className="search">
        <KeyCap name="F2" />
        <input
          ref={box}
          type="text"
          value={search}
          maxLength={200}
          placeholder={text('ui.queue.search')}
          aria-label={text('ui.queue.search')}
          aria-describedby="queue-hint"
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => {
            setSelected(0);
            setQueueSearch(event.target.value);
          }}
          onKeyDown={onKeyDown}
          data-testid="queue-search"
        />
      </div>
      <p className="queue-note" id="queue-hint">
        <span>{pages.total === null ? text('ui.queue.loading') : text('ui.queue.rows', { total })}</span>
        <span>{text('ui.queue.hint')}</span>
      </p>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable by key */}
      <div
        className="rows"
        ref={scroller}
        tabIndex={0}
        role="region"
        aria-label={text('ui.queue.title')}
        onKeyDown={onKeyDown}
        data-testid="queue-rows"
      >
        {pages.total === 0 ? <p className="faint rows-empty">{text('ui.queue.empty')}</p> : null}
        <ul style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => (
            <Row
              key={item.key}
              row={pages.rowAt(item.index)}
              top={item.start}
              chosen={item.index === selected}
              onOpen={open}
            />
          ))}
        </ul>
      </div>
    </>
  );
}

interface RowProps {
  readonly row: OrderRow | undefined;
  readonly top: number;
  readonly chosen: boolean;
  readonly onOpen: (row: OrderRow) => void;
}

function Row({ row, top, chosen, onOpen }: RowProps): ReactNode {
  const text = useText();
  const onDesk = useStore((state) => row !== undefined && state.pack?.order?.id === row.id);
  const place = { transform: `translateY(${top}px)`, height: rowHeight };
  if (row === undefined) return <li className="row is-loading" style={place} />;
  return (
    <li
      className={`row${chosen ? ' is-chosen' : ''}${onDesk ? ' is-on-desk' : ''}`}
      style={place}
      data-testid="queue-row"
      data-order={row.number}
    >
      <button type="button" tabIndex={-1} onClick={() => onOpen(row)}>
        <span className="row-top">
          <b className="row-number">{row.number}</b>
          <span className={`row-status status-${row.status}`}>{text(`ui.status.${row.status}`)}</span>
        </span>
        <span className="row-who">
          {row.receiverName} · {row.customerName}
        </span>
        <span className="row-more">
          {row.country === 'CN' ? null : <b className="country">{row.country}</b>}
          <span>{text('ui.queue.lines', { count: row.lineCount })}</span>
          {row.dueDate === null ? null : <span>{text('ui.queue.due', { date: row.dueDate.slice(5) })}</span>}
          {row.hasGift ? <Badge kind="gift">{text('ui.badge.gift')}</Badge> : null}
          {row.lpn === null || row.status !== 'rack' ? null : <span>{row.lpn}</span>}
        </span>
      </button>
    </li>
  );
}
