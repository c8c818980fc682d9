/**
 * The routing rules of this desk, one row each, tried from the top. They must be tried on the waiting orders before
 * they can be saved, so that nobody finds out at the scale that an order has no carrier.
 */
import { useEffect, useState, type ReactNode } from 'react';
import { ContractError, type CallOutput, type RoutePreview } from '#contract';
import { getStation } from '../../state/actions.ts';
import { useText } from '../../state/locale.ts';
import {
  draftFields,
  draftsOf,
  emptyDraft,
  moved,
  readDrafts,
  type DraftField,
  type RouteDraft,
} from './route-draft.ts';

type Known = CallOutput<'routes.get'>;
interface Tried {
  readonly drafts: readonly RouteDraft[];
  readonly preview: RoutePreview;
}

export function RoutesEditor(): ReactNode {
  const text = useText();
  const [known, setKnown] = useState<Known | null>(null);
  const [drafts, setDrafts] = useState<readonly RouteDraft[]>([]);
  const [tried, setTried] = useState<Tried | null>(null);
  const [said, setSaid] = useState<{ readonly row: number | null; readonly words: string } | null>(null);
  const [busy, setBusy] = useState(false);

  useEffect(() => {
    let current = true;
    getStation()
      ?.call('routes.get', {})
      .then(
        (found) => {
          if (!current) return;
          setKnown(found);
          setDrafts(draftsOf(found.routes));
        },
        (thrown: unknown) => {
          if (current) setSaid({ row: null, words: wordsOf(thrown) });
        },
      );
    return () => {
      current = false;
    };
  }, []);

  if (known === null) return said === null ? null : <p role="alert">{said.words}</p>;
  const change = (next: readonly RouteDraft[]): void => {
    setDrafts(next);
    setSaid(null);
  };
  const run = async (save: boolean): Promise<void> => {
    const read = readDrafts(drafts);
    if (!read.ok) {
      setSaid({ row: read.row, words: text('ui.routes.wrong', { row: (read.row ?? 0) + 1, reason: read.reason }) });
      return;
    }
    const station = getStation();
    if (station === null) return;
    setBusy(true);
    try {
      if (save) {
        await station.call('routes.save', { routes: read.routes });
        setSaid({ row: null, words: text('ui.routes.saved') });
      } else {
        setTried({ drafts, preview: await station.call('routes.preview', { routes: read.routes }) });
        setSaid(null);
      }
    } catch (thrown) {
      setSaid({ row: null, words: wordsOf(thrown) });
    } finally {
      setBusy(false);
    }
  };
  // Any change after the trial makes it one of other rules.
  const current = tried !== null && tried.drafts === drafts ? tried.preview : null;
  return (
    <section className="routes" data-testid="routes" aria-labelledby="routes-title">
      <h3 id="routes-title">{text('ui.routes.title')}</h3>
      <p className="faint">{text('ui.routes.how')}</p>
      <ol className="route-rows">
        {drafts.map((draft, index) => (
          <Row
            key={draft.key}
            draft={draft}
            index={index}
            wrong={said?.row === index}
            carriers={known.carriers}
            upstreams={known.upstreams}
            onChange={(field, value) =>
              change(drafts.map((one, at) => (at === index ? { ...one, [field]: value } : one)))
            }
            onMove={(step) => change(moved(drafts, index, step))}
            onRemove={() => change(drafts.filter((_one, at) => at !== index))}
          />
        ))}
      </ol>
      <div className="route-buttons">
        <button
          type="button"
          className="button"
          onClick={() =>
            change([
              ...drafts,
              emptyDraft(Math.max(-1, ...drafts.map((one) => one.key)) + 1, known.carriers[0]?.id ?? ''),
            ])
          }
          data-testid="routes-add"
        >
          {text('ui.routes.add')}
        </button>
        <button
          type="button"
          className="button"
          disabled={busy}
          onClick={() => void run(false)}
          data-testid="routes-try"
        >
          {text('ui.routes.try')}
        </button>
        <button
          type="button"
          className="button"
          disabled={busy || current === null || !known.savable}
          onClick={() => void run(true)}
          data-testid="routes-save"
        >
          {text('ui.routes.save')}
        </button>
      </div>
      {known.savable ? null : <p className="faint">{text('ui.routes.no-file')}</p>}
      {said === null ? null : (
        <p role="alert" data-testid="routes-said">
          {said.words}
        </p>
      )}
      {current === null ? null : <Preview preview={current} />}
    </section>
  );
}

function wordsOf(thrown: unknown): string {
  return thrown instanceof ContractError || thrown instanceof Error ? thrown.message : String(thrown);
}

interface RowProps {
  readonly draft: RouteDraft;
  readonly index: number;
  readonly wrong: boolean;
  readonly carriers: Known['carriers'];
  readonly upstreams: readonly string[];
  readonly onChange: (field: DraftField, value: string) => void;
  readonly onMove: (step: -1 | 1) => void;
  readonly onRemove: () => void;
}

function Row({ draft, index, wrong, carriers, upstreams, onChange, onMove, onRemove }: RowProps): ReactNode {
  const text = useText();
  const row = index + 1;
  const named = (name: string): string => text(name, { row });
  return (
    <li className={wrong ? 'route-row is-wrong' : 'route-row'} data-testid="route-row">
      <b>{row}</b>
      <div className="route-cells">
        {draftFields.map((field) => (
          <label key={field}>
            <span>{text(`ui.routes.field.${field}`)}</span>
            {field === 'vendor' || field === 'upstream' ? (
              <select
                value={draft[field]}
                onChange={(event) => onChange(field, event.target.value)}
                data-testid={`route-${row}-${field}`}
              >
                {field === 'upstream' ? <option value="">{text('ui.routes.any')}</option> : null}
                {optionsOf(field === 'vendor' ? carriers : upstreams.map((id) => ({ id, name: id })), draft[field]).map(
                  (option) => (
                    <option key={option.id} value={option.id}>
                      {option.name}
                    </option>
                  ),
                )}
              </select>
            ) : (
              <input
                type="text"
                value={draft[field]}
                maxLength={field === 'equals' ? 500 : 100}
                placeholder={text('ui.routes.any')}
                autoComplete="off"
                spellCheck={false}
                onChange={(event) => onChange(field, event.target.value)}
                data-testid={`route-${row}-${field}`}
              />
            )}
          </label>
        ))}
      </div>
      <span className="route-row-buttons">
        <button type="button" className="button" aria-label={named('ui.routes.up')} onClick={() => onMove(-1)}>
          ↑
        </button>
        <button type="button" className="button" aria-label={named('ui.routes.down')} onClick={() => onMove(1)}>
          ↓
        </button>
        <button type="button" className="button" aria-label={named('ui.routes.remove')} onClick={onRemove}>
          ✕
        </button>
      </span>
    </li>
  );
}

/** What stands in the rule stays choosable although the station does not know it any more. */
function optionsOf(known: Known['carriers'], chosen: string): Known['carriers'] {
  return chosen === '' || known.some((one) => one.id === chosen) ? known : [...known, { id: chosen, name: chosen }];
}

function Preview({ preview }: { readonly preview: RoutePreview }): ReactNode {
  const text = useText();
  const { unmatched } = preview;
  return (
    <div className="route-preview" role="status" data-testid="routes-preview">
      <p>{text('ui.routes.tried', { total: preview.orders })}</p>
      <ul>
        {preview.routes.map((route) => (
          <li key={`${route.vendor} ${route.service ?? ''}`} data-testid="route-count" data-vendor={route.vendor}>
            <b>
              {route.vendor} {route.service ?? ''}
            </b>{' '}
            {text('ui.routes.sure', { count: route.sure })}
            {route.byWeight === 0 ? null : ` ${text('ui.routes.by-weight', { count: route.byWeight })}`}
          </li>
        ))}
      </ul>
      <p className={unmatched.total === 0 ? 'faint' : 'route-unmatched'} data-testid="routes-unmatched">
        {text('ui.routes.unmatched', { count: unmatched.total })}
      </p>
      <ul>
        {unmatched.rows.map((order) => (
          <li key={order.id}>
            <b>{order.number}</b> {order.customerName} {order.country} {order.state}
            {order.byWeight ? ` ${text('ui.routes.some-weights')}` : ''}
          </li>
        ))}
      </ul>
    </div>
  );
}
