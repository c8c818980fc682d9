/** The settings of one device: those most sites touch as fields, all others as JSON. The station judges them. */
import type { ReactNode } from 'react';
import type { TopicSnapshot } from '#contract';
import { useText } from '../../state/locale.ts';
import { withField, type DeviceDraft } from './device-draft.ts';

interface FieldsProps {
  readonly draft: DeviceDraft;
  readonly devices: TopicSnapshot<'devices'>;
  readonly onChange: (draft: DeviceDraft) => void;
}

const bauds = ['1200', '2400', '4800', '9600', '19200', '38400', '57600', '115200'];
const formats = ['8N1', '7E1', '7O1', '8E1', '8O1', '7N2', '8N2', '7E2'];
const units = ['g', 'kg', 'lb', 'oz'];

export function DeviceFields({ draft, devices, onChange }: FieldsProps): ReactNode {
  const text = useText();
  const shown = (name: string): string => {
    const value = draft.fields[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  const set = (name: string, value: unknown): void => onChange(withField(draft, name, value));
  const needsUnit = draft.needs.includes('unit') || shown('unit') !== '';
  const needsDecimals = draft.needs.includes('decimals') || shown('decimals') !== '';
  return (
    <div className="device-fields">
      {draft.kind === 'scale' ? (
        <Pick
          name="protocol"
          label={text('ui.devices.protocol')}
          value={shown('protocol')}
          options={devices.protocols.scale}
          onPick={(value) => set('protocol', value)}
        />
      ) : null}
      {draft.kind === 'dws' ? (
        <Pick
          name="format"
          label={text('ui.devices.protocol')}
          value={shown('format')}
          options={devices.protocols.dws}
          onPick={(value) => set('format', value)}
        />
      ) : null}
      {draft.kind === 'printer' ? (
        <>
          <Pick
            name="language"
            label={text('ui.devices.language')}
            value={shown('language')}
            options={['zpl', 'tspl', 'escpos', 'cpcl', 'epl']}
            onPick={(value) => set('language', value)}
          />
          <Pick
            name="dpi"
            label={text('ui.devices.dpi')}
            value={shown('dpi')}
            options={['203', '300', '600']}
            onPick={(value) => set('dpi', value === '' ? '' : Number(value))}
          />
          <Pick
            name="media"
            label={text('ui.devices.media')}
            value={shown('media')}
            options={['100x150mm', '100x180mm', '100x100mm', '76x130mm', '60x40mm']}
            onPick={(value) => set('media', value)}
          />
        </>
      ) : null}
      {needsUnit ? (
        <>
          <Pick
            name="unit"
            label={text('ui.devices.unit')}
            value={shown('unit')}
            options={units}
            onPick={(value) => set('unit', value)}
          />
          {shown('unit') === '' ? <p className="device-problem">{text('ui.devices.unit-why')}</p> : null}
        </>
      ) : null}
      {needsDecimals ? (
        <Pick
          name="decimals"
          label={text('ui.devices.decimals')}
          value={shown('decimals')}
          options={['0', '1', '2', '3', '4']}
          onPick={(value) => set('decimals', value === '' ? '' : Number(value))}
        />
      ) : null}
      {draft.link.startsWith('serial://') ? (
        <>
          <Pick
            name="baud"
            label={text('ui.devices.line')}
            value={shown('baud')}
            options={bauds}
            onPick={(value) => set('baud', value === '' ? '' : Number(value))}
          />
          <Pick
            name="frame"
            label=""
            value={frameOf(draft.fields)}
            options={formats}
            onPick={(value) => onChange(withFrame(draft, value))}
          />
        </>
      ) : null}
      <label className="device-field">
        <span>{text('ui.devices.more')}</span>
        <textarea
          rows={2}
          value={draft.more}
          spellCheck={false}
          onChange={(event) => onChange({ ...draft, more: event.target.value })}
          data-testid="devices-more"
        />
      </label>
    </div>
  );
}

function Pick(props: {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly options: readonly string[];
  readonly onPick: (value: string) => void;
}): ReactNode {
  const { name, label, value, options, onPick } = props;
  // What stands in the profile stays choosable although this list does not have it.
  const all = options.includes(value) ? options : [value, ...options];
  return (
    <label className="device-field">
      <span>{label}</span>
      <select
        value={value}
        aria-label={label || name}
        onChange={(event) => onPick(event.target.value)}
        data-testid={`devices-${name}`}
      >
        {all.map((option) => (
          <option key={option} value={option}>
            {option === '' ? '—' : option}
          </option>
        ))}
      </select>
    </label>
  );
}

function frameOf({ dataBits, parity, stopBits }: Readonly<Record<string, unknown>>): string {
  if (typeof dataBits !== 'number' || typeof stopBits !== 'number') return '';
  return `${dataBits}${parity === 'even' ? 'E' : parity === 'odd' ? 'O' : 'N'}${stopBits}`;
}

function withFrame(draft: DeviceDraft, frame: string): DeviceDraft {
  const [, bits = '', letter = '', stop = ''] = /^([78])([NEO])([12])$/.exec(frame) ?? [];
  const parity = letter === 'E' ? 'even' : letter === 'O' ? 'odd' : 'none';
  if (bits === '') return draft;
  const fields = { ...draft.fields, dataBits: Number(bits), parity, stopBits: Number(stop) };
  return { ...draft, fields };
}
