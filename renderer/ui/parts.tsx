/** Small parts every feature uses. */
import type { ReactNode } from 'react';
import type { Tone } from '#contract';
import type { IconName } from './icon.tsx';

/** The name of a key, as printed on it. */
export function KeyCap({ name }: { readonly name: string }): ReactNode {
  return <kbd className="keycap">{name}</kbd>;
}

export type BadgeKind = 'training' | 'virtual' | 'assumed' | 'offline' | 'gift' | 'plain';

/** A word in a frame; the word carries the meaning, the colour only helps. */
export function Badge({
  kind,
  children,
  testId,
}: {
  readonly kind: BadgeKind;
  readonly children: ReactNode;
  readonly testId?: string;
}): ReactNode {
  return (
    <span className={`badge badge-${kind}`} data-testid={testId}>
      {children}
    </span>
  );
}

export const toneIcons: Readonly<Record<Tone, IconName>> = {
  ok: 'check',
  info: 'info',
  warn: 'warn',
  stop: 'stop',
  ask: 'ask',
};

interface ButtonProps {
  readonly keyName?: string;
  readonly children: ReactNode;
  readonly onPress: () => void;
  readonly testId?: string;
  readonly pressed?: boolean;
  readonly quiet?: boolean;
  readonly disabled?: boolean;
}

/** A button that shows its key. Everything it does, the key does too. */
export function Button({ keyName, children, onPress, testId, pressed, quiet, disabled }: ButtonProps): ReactNode {
  return (
    <button
      type="button"
      className={quiet === true ? 'button button-quiet' : 'button'}
      onClick={onPress}
      data-testid={testId}
      aria-pressed={pressed}
      aria-keyshortcuts={keyName?.replace('Ctrl', 'Control')}
      disabled={disabled}
    >
      {keyName === undefined ? null : <KeyCap name={keyName} />}
      <span>{children}</span>
    </button>
  );
}

/** Choices of which one is in force. */
export function Choices<T extends string>(props: {
  readonly label: string;
  readonly value: T;
  readonly options: readonly T[];
  readonly nameOf: (option: T) => string;
  readonly onChoose: (option: T) => void;
  readonly testId: string;
}): ReactNode {
  return (
    <div className="choices" role="group" aria-label={props.label} data-testid={props.testId}>
      {props.options.map((option) => (
        <button
          key={option}
          type="button"
          className="choice"
          aria-pressed={option === props.value}
          onClick={() => props.onChoose(option)}
          data-testid={`${props.testId}-${option}`}
        >
          {props.nameOf(option)}
        </button>
      ))}
    </div>
  );
}
