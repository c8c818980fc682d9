/** Settings that are typed: numbers, texts, bytes. What cannot be read stays in the field and is said. */
import { useRef, useState, type ReactNode } from 'react';
import type { Notice } from '#contract';
import { useText } from '../../state/locale.ts';
import type { ControlProps } from './setting-kit.ts';
import { bytesInWords, readText, shownText } from './settings/setting-text.ts';

type TextProps = ControlProps<'number' | 'text' | 'bytes'> & {
  /** What was typed and could not be read. */
  readonly unread: string | null;
  readonly onUnread: (typed: string, why: Notice) => void;
};

export function TextSetting(props: TextProps): ReactNode {
  const { id, kind, stored, usual, unread, testId, onValue, onUnread } = props;
  const text = useText();
  const input = useRef<HTMLInputElement>(null);
  /** What was typed last and the value it made: shown as long as that is still the value. */
  const [last, setLast] = useState<{ readonly typed: string; readonly value: unknown } | null>(null);
  const kept = last !== null && last.value === stored ? last.typed : null;
  const shown = unread ?? kept ?? shownText(kind, stored);
  const type = (typed: string): void => {
    const read = readText(kind, typed);
    setLast('problem' in read ? null : { typed, value: read.value });
    if ('problem' in read) onUnread(typed, read.problem);
    else onValue(read.value);
  };
  const putIn = (piece: string): void => {
    const at = input.current?.selectionStart ?? shown.length;
    type(shown.slice(0, at) + piece + shown.slice(input.current?.selectionEnd ?? at));
    input.current?.focus();
  };
  const unit = kind.kind === 'number' && kind.unit !== undefined ? text(`ui.setting.unit.${kind.unit}`) : '';
  const suggestions = kind.kind === 'text' ? (kind.suggestions ?? []) : [];
  const pieces = kind.kind === 'text' ? (kind.pieces ?? []) : [];
  const usualText = shownText(kind, usual);
  const empty = kind.kind === 'text' && kind.empty === true;
  return (
    <>
      <span className="device-typed">
        <input
          ref={input}
          id={id}
          type="text"
          inputMode={kind.kind === 'number' ? 'decimal' : 'text'}
          value={shown}
          placeholder={stored === '' ? '' : usualText === '' ? '' : text('ui.setting.usual', { value: usualText })}
          maxLength={kind.kind === 'text' ? kind.most * 4 : 200}
          autoComplete="off"
          spellCheck={false}
          list={suggestions.length === 0 ? undefined : `${id}-list`}
          aria-describedby={props.describedBy}
          aria-invalid={props.wrong}
          onChange={(event) => type(event.target.value)}
          onBlur={() => setLast(null)}
          data-testid={testId}
        />
        {unit === '' ? null : <span className="faint">{unit}</span>}
      </span>
      {suggestions.length === 0 ? null : (
        <datalist id={`${id}-list`}>
          {suggestions.map((suggestion) => (
            <option key={suggestion} value={suggestion}>
              {suggestion}
            </option>
          ))}
        </datalist>
      )}
      {empty ? (
        <label className="device-empty">
          <input
            type="checkbox"
            checked={stored === '' && unread === null}
            onChange={() => onValue(stored === '' ? undefined : '')}
            data-testid={`${testId}-empty`}
          />{' '}
          {text('ui.setting.nothing')}
        </label>
      ) : null}
      {pieces.length === 0 ? null : (
        <span className="device-pieces">
          {pieces.map((piece) => (
            <button key={piece} type="button" className="choice" onClick={() => putIn(piece)}>
              {piece}
            </button>
          ))}
        </span>
      )}
      {kind.kind === 'bytes' && unread === null && stored !== undefined ? (
        <code className="faint">{bytesInWords(stored)}</code>
      ) : null}
    </>
  );
}
