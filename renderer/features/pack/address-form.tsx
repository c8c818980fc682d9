/** The carrier wants the address in parts and nobody could tell them apart for sure: the packer says them. */
import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { PackPrompt } from '#contract';
import { onAddressKey } from '../../input/commands.ts';
import { correctAddress } from '../../state/actions.ts';
import { useText } from '../../state/locale.ts';
import { KeyCap } from '../../ui/parts.tsx';

const parts = ['state', 'city', 'county', 'line1'] as const;
type Parts = Readonly<Record<(typeof parts)[number], string>>;

export function AddressForm({
  orderId,
  address,
}: {
  readonly orderId: string;
  readonly address: NonNullable<PackPrompt['address']>;
}): ReactNode {
  const text = useText();
  const first = useRef<HTMLInputElement>(null);
  const { state, city, county, line1 } = address;
  const [value, setValue] = useState<Parts>({ state, city, county, line1 });
  useEffect(
    () =>
      onAddressKey(() => {
        first.current?.focus();
        first.current?.select();
      }),
    [],
  );
  const complete = [value.state, value.city, value.line1].every((part) => part.trim() !== '');
  return (
    <form
      className="address-form"
      data-testid="address-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (complete) void correctAddress({ orderId, ...value });
      }}
    >
      <p className="address-whole">
        {text('ui.address.whole')} <b>{address.whole}</b>
      </p>
      <div className="address-parts">
        {parts.map((part) => (
          <label key={part}>
            <span>{text(`ui.address.${part}`)}</span>
            <input
              ref={part === 'state' ? first : undefined}
              type="text"
              value={value[part]}
              maxLength={part === 'line1' ? 200 : 60}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => setValue({ ...value, [part]: event.target.value })}
              data-testid={`address-${part}`}
            />
          </label>
        ))}
      </div>
      <p>
        <KeyCap name="Ctrl+E" /> {text('ui.address.hint')}{' '}
        <button type="submit" className="button" disabled={!complete} data-testid="address-save">
          <KeyCap name="Enter" /> {text('ui.address.save')}
        </button>
      </p>
    </form>
  );
}
