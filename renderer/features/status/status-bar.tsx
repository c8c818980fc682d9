/** The truth at the foot of the screen: every vendor and device, what is not sent yet, how old the orders are. */
import type { ReactNode } from 'react';
import type { TopicSnapshot } from '#contract';
import { useAgeText, useNoticeText, useText } from '../../state/locale.ts';
import { useStore } from '../../state/store.ts';
import { useStationNow } from '../../state/use-now.ts';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { Badge } from '../../ui/parts.tsx';

type Status = TopicSnapshot<'status'>;
/** How a chip looks; its words say the same. */
type Mood = 'good' | 'busy' | 'warn' | 'bad' | 'unknown';

const vendorMoods: Readonly<Record<Status['vendors'][number]['state'], Mood>> = {
  online: 'good',
  offline: 'bad',
  paused: 'warn',
  refused: 'bad',
  unchecked: 'unknown',
};
const printerMoods: Readonly<Record<Status['printers'][number]['state'], Mood>> = {
  ready: 'good',
  printing: 'busy',
  attention: 'bad',
  offline: 'bad',
  'no-answer': 'unknown',
  unchecked: 'unknown',
};

export function StatusBar(): ReactNode {
  const status = useStore((state) => state.status);
  const stale = useStore((state) => state.reach.kind !== 'connected');
  return (
    <footer className={stale ? 'bar is-stale' : 'bar'} data-testid="status-bar">
      {status === null ? null : (
        <>
          <div className="bar-row">
            <Vendors vendors={status.vendors} />
          </div>
          <div className="bar-row">
            <Devices status={status} />
            <Outbox outbox={status.outbox} />
            <Sync sync={status.sync} network={status.network} />
            {status.records === undefined ? null : <Records records={status.records} />}
          </div>
        </>
      )}
    </footer>
  );
}

interface ChipProps {
  readonly mood: Mood;
  readonly icon: IconName;
  readonly name: string;
  readonly testId: string;
  readonly state?: string;
  readonly title?: string;
  readonly children: ReactNode;
}

function Chip({ mood, icon, name, testId, state, title, children }: ChipProps): ReactNode {
  return (
    <span className={`chip mood-${mood}`} data-testid={testId} data-state={state ?? mood} title={title}>
      <Icon name={icon} />
      <b>{name}</b> {children}
    </span>
  );
}

function Marks({ virtual, assumed }: { readonly virtual: boolean; readonly assumed?: boolean }): ReactNode {
  const text = useText();
  return (
    <>
      {virtual ? <Badge kind="virtual">{text('ui.badge.virtual')}</Badge> : null}
      {assumed === true ? <Badge kind="assumed">{text('ui.badge.assumed')}</Badge> : null}
    </>
  );
}

function Vendors({ vendors }: { readonly vendors: Status['vendors'] }): ReactNode {
  const text = useText();
  const notice = useNoticeText();
  return vendors.map((vendor) => (
    <Chip
      key={vendor.id}
      mood={vendorMoods[vendor.state]}
      icon="vendor"
      name={vendor.name}
      testId={`status-vendor-${vendor.id}`}
      state={vendor.state}
      title={vendor.reason === null ? '' : notice(vendor.reason)}
    >
      {text(`ui.vendor.${vendor.state}`)}
      <Marks virtual={vendor.virtual} assumed={vendor.assumed} />
    </Chip>
  ));
}

function Devices({ status }: { readonly status: Status }): ReactNode {
  const text = useText();
  const notice = useNoticeText();
  const { scale } = status;
  return (
    <>
      {status.printers.map((printer) => (
        <Chip
          key={printer.id}
          mood={printerMoods[printer.state]}
          icon="printer"
          name={text('ui.bar.printer', { id: printer.id })}
          testId={`status-printer-${printer.id}`}
          state={printer.state}
          title={printer.reason === null ? '' : notice(printer.reason)}
        >
          {printer.reason === null ? text(`ui.printer.${printer.state}`) : notice(printer.reason)}
          <PrinterExtras printer={printer} />
          <Marks virtual={printer.virtual} />
        </Chip>
      ))}
      <Chip
        mood={
          scale.state === 'stable' || scale.state === 'moving'
            ? 'good'
            : scale.state === 'connecting' || scale.state === 'waiting'
              ? 'unknown'
              : 'bad'
        }
        icon="scale"
        name={text('ui.bar.scale')}
        testId="status-scale"
        state={scale.state}
      >
        {text(`ui.weight.state.${scale.state}`)}
        <Marks virtual={scale.virtual} />
      </Chip>
      {(status.dws ?? []).map((machine) => (
        <Chip
          key={machine.id}
          mood={machine.state === 'online' ? 'good' : machine.state === 'connecting' ? 'unknown' : 'bad'}
          icon="scale"
          name={`${text('ui.bar.dws')} ${machine.id}`}
          testId={`status-dws-${machine.id}`}
          state={machine.state}
          title={machine.reason === null ? '' : notice(machine.reason)}
        >
          {text(`ui.dws.state.${machine.state}`)}
          <Marks virtual={machine.virtual === true} />
        </Chip>
      ))}
    </>
  );
}

/** What a printer is for, how many labels are left, what it warns of. */
function PrinterExtras({ printer }: { readonly printer: Status['printers'][number] }): ReactNode {
  const text = useText();
  const notice = useNoticeText();
  const { use = [], labelsLeft = null, reasons = [], warnings = [] } = printer;
  const words = [
    ...reasons.slice(1).map(notice),
    ...warnings.map(notice),
    ...(labelsLeft === null ? [] : [text('ui.printers.left-short', { count: labelsLeft.count })]),
  ];
  return (
    <>
      {use.length === 0 ? null : <small> {use.map((role) => text(`ui.printers.use.${role}`)).join(' · ')}</small>}
      {words.map((word) => (
        <span key={word} className="chip-reason">
          {word}
        </span>
      ))}
    </>
  );
}

function Outbox({ outbox }: { readonly outbox: Status['outbox'] }): ReactNode {
  const text = useText();
  const age = useAgeText();
  const now = useStationNow();
  const mood: Mood = outbox.dead > 0 ? 'bad' : outbox.unknown > 0 ? 'warn' : outbox.open > 0 ? 'busy' : 'good';
  return (
    <Chip mood={mood} icon="outbox" name={text('ui.bar.outbox')} testId="status-outbox">
      {outbox.open === 0 || outbox.oldestAt === null
        ? text('ui.bar.outbox-empty')
        : text('ui.bar.outbox-open', { open: outbox.open, age: age(now - outbox.oldestAt) })}
      {outbox.unknown > 0 ? <strong>{text('ui.bar.outbox-unknown', { count: outbox.unknown })}</strong> : null}
      {outbox.dead > 0 ? <strong>{text('ui.bar.outbox-dead', { count: outbox.dead })}</strong> : null}
    </Chip>
  );
}

function Sync({ sync, network }: Pick<Status, 'sync' | 'network'>): ReactNode {
  const text = useText();
  const notice = useNoticeText();
  const age = useAgeText();
  const now = useStationNow();
  const late = sync.lastAt === null || now - sync.lastAt > sync.lateAfterMs;
  const words =
    sync.lastAt === null
      ? text('ui.bar.sync-never')
      : text(late ? 'ui.bar.sync-late' : 'ui.bar.sync-age', { age: age(now - sync.lastAt) });
  return (
    <>
      <Chip
        mood={sync.reason !== null ? 'bad' : late ? 'warn' : 'good'}
        icon="sync"
        name={text('ui.bar.sync')}
        testId="status-sync"
        title={sync.reason === null ? '' : notice(sync.reason)}
      >
        {words}
        {sync.reason === null ? null : <span className="chip-reason">{notice(sync.reason)}</span>}
      </Chip>
      {network === 'cut' ? (
        <Chip mood="bad" icon="offline" name={text('ui.badge.offline')} testId="status-network">
          {text('ui.bar.network-cut')}
        </Chip>
      ) : null}
    </>
  );
}

/** How old the safety copy of the records is, and whether the disk has room for more. */
function Records({ records }: { readonly records: NonNullable<Status['records']> }): ReactNode {
  const text = useText();
  const age = useAgeText();
  const now = useStationNow();
  const { snapshotAt, room } = records;
  const mood: Mood = room === 'none' ? 'bad' : room === 'low' ? 'warn' : snapshotAt === null ? 'unknown' : 'good';
  return (
    <Chip mood={mood} icon="check" name={text('ui.bar.records')} testId="status-records">
      {snapshotAt === null
        ? text('ui.bar.records-none')
        : text('ui.bar.records-age', { age: age(Math.max(0, now - snapshotAt)) })}
      {room === 'enough' ? null : <strong>{text(`ui.bar.room-${room}`)}</strong>}
    </Chip>
  );
}
