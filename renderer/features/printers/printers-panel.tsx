/** The printers of the desk in Settings: what each is and how it is, calibration, test print, new roll. */
import { useEffect, useState, type ReactNode } from 'react';
import type { PrinterDetail } from '#contract';
import { failureNotice, getStation, showNotice } from '../../state/actions.ts';
import { useCauseText, useNoticeText, useText } from '../../state/locale.ts';
import { useStore } from '../../state/store.ts';
import { Badge, Button } from '../../ui/parts.tsx';

export function PrintersPanel(): ReactNode {
  const text = useText();
  const status = useStore((state) => state.status?.printers);
  const feedback = useStore((state) => state.feedback?.id ?? 0);
  const [printers, setPrinters] = useState<readonly PrinterDetail[]>([]);
  useEffect(() => {
    let current = true;
    getStation()
      ?.call('printers.list', {})
      .then(
        (answer) => {
          if (current) setPrinters(answer.printers);
        },
        () => undefined,
      );
    return () => {
      current = false;
    };
  }, [status, feedback]);
  return (
    <>
      <h3>{text('ui.printers.title')}</h3>
      <ul className="printers">
        {printers.map((printer) => (
          <PrinterItem key={printer.id} printer={printer} />
        ))}
      </ul>
    </>
  );
}

function PrinterItem({ printer }: { readonly printer: PrinterDetail }): ReactNode {
  const text = useText();
  const notice = useNoticeText();
  const cause = useCauseText();
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState('');
  const [roll, setRoll] = useState('500');

  async function run(work: () => Promise<string>): Promise<void> {
    setBusy(true);
    setSaid('');
    try {
      setSaid(await work());
    } catch (thrown) {
      showNotice(failureNotice(thrown, ''));
    }
    setBusy(false);
  }
  const station = getStation();
  const { id } = printer;
  const count = Number(roll);
  const isCount = Number.isInteger(count) && count >= 1 && count <= 100_000;

  return (
    <li className="printer" data-testid={`printer-${id}`} data-state={printer.state}>
      <p>
        <b>{id}</b> {printer.model ?? ''}{' '}
        {printer.virtual ? <Badge kind="virtual">{text('ui.badge.virtual')}</Badge> : null}{' '}
        <span data-testid={`printer-${id}-state`}>
          {[...printer.reasons, ...printer.warnings].map(notice).join(' · ') || text(`ui.printer.${printer.state}`)}
        </span>
      </p>
      <p className="faint">
        {printer.language.toUpperCase()} · {printer.dpi} dpi · {printer.widthMm} × {printer.heightMm} mm ·{' '}
        {text(`ui.printers.tracking.${printer.tracking}`)} ·{' '}
        {printer.use.map((role) => text(`ui.printers.use.${role}`)).join(', ')}
        {printer.fallback === null ? '' : ` · ${text('ui.printers.fallback', { printer: printer.fallback })}`}
        <br />
        <code>{printer.link}</code>
        {printer.answers ? null : ` · ${text('ui.printers.mute')}`}
        {printer.evidence === null ? null : (
          <>
            <br />
            {text(`ui.printers.evidence.${printer.evidence}`)} {printer.source}
          </>
        )}
        {printer.notes.map((note) => (
          <span key={note}>
            <br />
            {note}
          </span>
        ))}
      </p>
      <p data-testid={`printer-${id}-left`}>
        {printer.labelsLeft === null
          ? text('ui.printers.left-unknown')
          : text('ui.printers.left', { count: printer.labelsLeft.count })}
      </p>
      <div className="prompt-options">
        <Button
          disabled={busy || station === null}
          testId={`printer-${id}-test`}
          onPress={() =>
            void run(async () => {
              const answer = await station?.call('printers.testPrint', { printerId: id });
              if (answer === undefined) return '';
              if (answer.outcome === 'not-printed') {
                return text('ui.printers.test-failed', {
                  reason: answer.reasons.map(notice).join(' · ') || cause(answer.cause, answer.message),
                });
              }
              return text('ui.printers.test-sent', { code: answer.code });
            })
          }
        >
          {text('ui.printers.test')}
        </Button>
        <Button
          disabled={busy || station === null || printer.calibration === null}
          testId={`printer-${id}-calibrate`}
          onPress={() =>
            void run(async () => {
              const answer = await station?.call('printers.calibrate', { printerId: id });
              if (answer === undefined) return '';
              return answer.sent
                ? text('ui.printers.calibrated')
                : text('ui.printers.test-failed', { reason: cause(answer.cause, answer.message) });
            })
          }
        >
          {text('ui.printers.calibrate')}
        </Button>
        <label>
          {text('ui.printers.roll')}{' '}
          <input
            inputMode="numeric"
            size={6}
            maxLength={6}
            value={roll}
            onChange={(event) => setRoll(event.target.value)}
            data-testid={`printer-${id}-roll`}
          />
        </label>
        <Button
          disabled={busy || station === null || !isCount}
          testId={`printer-${id}-new-roll`}
          onPress={() =>
            void run(async () => {
              await station?.call('printers.newRoll', { printerId: id, labels: count });
              return text('ui.printers.roll-set', { count });
            })
          }
        >
          {text('ui.printers.new-roll')}
        </Button>
      </div>
      {printer.calibration === null ? (
        <p className="faint">{text('ui.printers.no-calibration')}</p>
      ) : (
        <p className="faint">{text('ui.printers.calibration-source', { source: printer.calibration })}</p>
      )}
      {said === '' ? null : (
        <p role="status" data-testid={`printer-${id}-said`}>
          {said}
        </p>
      )}
      {printer.test === null ? null : (
        <p data-testid={`printer-${id}-tested`}>
          {printer.test.confirmedAt === null
            ? text('ui.printers.test-open', { code: printer.test.code })
            : text('ui.printers.test-confirmed', { code: printer.test.code })}
        </p>
      )}
    </li>
  );
}
