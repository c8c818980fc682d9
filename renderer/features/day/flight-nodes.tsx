/** What the carrier was told about the flight of a manifest, and a form for the next node. */
import { useState, type ReactNode } from 'react';
import type { HandoverView } from '#contract';
import { tellFlight } from '../../state/day-actions.ts';
import { useNoticeText, useText } from '../../state/locale.ts';
import { useStore } from '../../state/store.ts';

const fields = ['node', 'at', 'remark'] as const;

export function FlightNodes({ document }: { readonly document: HandoverView }): ReactNode {
  const text = useText();
  const notice = useNoticeText();
  const takes = useStore(
    (state) => state.day?.carriers.find((carrier) => carrier.vendor === document.vendor)?.flightNodes === true,
  );
  const [value, setValue] = useState({ node: '', at: '', remark: '' });
  if (!takes) return null;
  const complete = value.node.trim() !== '' && /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}(:\d{2})?$/.test(value.at.trim());
  return (
    <section className="day-flight" data-testid="flight-nodes">
      <h3>{text('ui.day.flight-nodes')}</h3>
      <ul>
        {document.nodes.map((node) => (
          <li key={`${node.node} ${node.at}`} data-testid="flight-node" data-state={node.state}>
            <b>{node.node}</b> {node.at} {node.remark} <b>{text(`ui.day.node.${node.state}`)}</b>{' '}
            {node.notice === null ? null : notice(node.notice)}
          </li>
        ))}
      </ul>
      <form
        className="day-flight-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!complete) return;
          tellFlight(value.node, value.at, value.remark);
          setValue({ node: '', at: '', remark: '' });
        }}
      >
        {fields.map((field) => (
          <label key={field}>
            <span>{text(`ui.day.node-field.${field}`)}</span>
            <input
              type="text"
              value={value[field]}
              maxLength={field === 'remark' ? 200 : 60}
              placeholder={field === 'at' ? '2026-11-22 18:30' : ''}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => setValue({ ...value, [field]: event.target.value })}
              data-testid={`flight-${field}`}
            />
          </label>
        ))}
        <button type="submit" className="button" disabled={!complete} data-testid="flight-tell">
          {text('ui.day.tell-flight')}
        </button>
      </form>
    </section>
  );
}
