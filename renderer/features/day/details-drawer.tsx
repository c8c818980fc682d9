/**
 * Who hands over, to whom and by which flight. A scan fills the field that is marked and goes on to the next, so an air
 * waybill needs no typing; the station remembers everything of the last push.
 */
import { useEffect, useRef, type ReactNode } from 'react';
import { closeTop } from '../../state/actions.ts';
import { setDraft } from '../../state/day-actions.ts';
import { chosenCarrier, detailFields, draftOf, flightFields } from '../../state/handover-choice.ts';
import { useText } from '../../state/locale.ts';
import { useStore } from '../../state/store.ts';
import { Drawer } from '../../ui/drawer.tsx';

export function DetailsDrawer(): ReactNode {
  const text = useText();
  const day = useStore((state) => state.day);
  const choiceRow = useStore((state) => state.choiceRow);
  const drafts = useStore((state) => state.drafts);
  const marked = useStore((state) => state.draftField);
  const form = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const field = useStore.getState().draftField ?? 'airWaybill';
    useStore.setState({ draftField: field });
    form.current?.querySelector<HTMLInputElement>(`[name=${field}]`)?.focus();
  }, []);
  const carrier = chosenCarrier({ day, choiceRow });
  if (carrier === null) return null;
  const draft = draftOf({ drafts }, carrier);
  const needed = new Set([
    ...carrier.needs.scanForm.details,
    ...carrier.needs.scanForm.flight,
    ...carrier.needs.manifest.details,
    ...carrier.needs.manifest.flight,
  ]);
  const groups = [
    { title: 'ui.day.who', fields: detailFields, value: draft.details as Readonly<Record<string, string>> },
    { title: 'ui.day.flight', fields: flightFields, value: draft.flight as Readonly<Record<string, string>> },
  ] as const;
  return (
    <Drawer
      title={text('ui.day.details-title', { vendor: carrier.vendorName })}
      hint={text('ui.day.details-hint')}
      closeText={text('ui.key.close')}
      onClose={closeTop}
      testId="details-drawer"
      wide
    >
      <div ref={form} className="day-details">
        {groups.map((group) => (
          <fieldset key={group.title}>
            <legend>{text(group.title)}</legend>
            {group.fields.map((field) => (
              <label key={field} className={field === marked ? 'is-marked' : ''}>
                <span>
                  {text(`ui.day.field.${field}`)}
                  {needed.has(field) ? <b title={text('ui.day.needed')}> *</b> : null}
                </span>
                <input
                  type="text"
                  name={field}
                  value={group.value[field] ?? ''}
                  maxLength={field === 'street' || field === 'address' ? 400 : field === 'country' ? 2 : 100}
                  placeholder={/At$/.test(field) ? '2026-11-22 18:30' : ''}
                  autoComplete="off"
                  spellCheck={false}
                  onFocus={() => useStore.setState({ draftField: field })}
                  onChange={(event) => setDraft(carrier.vendor, field, event.target.value)}
                  data-testid={`detail-${field}`}
                />
              </label>
            ))}
          </fieldset>
        ))}
      </div>
      <p className="faint">{text('ui.day.needed')}: *</p>
    </Drawer>
  );
}
