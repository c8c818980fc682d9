/** Settings of several rows: texts and what they mean, places of fields, lists of texts. */
import { useState, type ReactNode } from 'react';
import type { Notice } from '#contract';
import { useText } from '../../state/locale.ts';
import { useValueName, type ControlProps } from './setting-kit.ts';
import { columnsOf, readRows, rowsOf, type Row } from './settings/setting-table.ts';
import type { Column } from './settings/setting.ts';

type RowsProps = ControlProps<'table' | 'texts'> & { readonly onUnread: (typed: string, why: Notice) => void };

export function SettingRows({
  id,
  kind,
  name,
  stored,
  usual,
  testId,
  describedBy,
  onValue,
  onUnread,
}: RowsProps): ReactNode {
  const text = useText();
  const named = useValueName();
  const columns = columnsOf(kind);
  // Rows that say nothing yet are kept here only.
  const [rows, setRows] = useState<readonly Row[]>(() => rowsOf(kind, stored));
  const change = (next: readonly Row[]): void => {
    setRows(next);
    const read = readRows(kind, next);
    if ('problem' in read) onUnread(JSON.stringify(next), read.problem);
    else onValue(read.value);
  };
  const usualRows = rowsOf(kind, usual);
  // What is usual would no longer be, once there is a row: so it begins with it.
  const add = (): void => change([...(rows.length === 0 ? usualRows : rows), columns.map(() => '')]);
  const inWords = usualRows.map((row) => row.map((each) => (each === '' ? '“”' : named(each))).join(' → ')).join(', ');
  return (
    <div
      id={id}
      className="device-rows"
      role="group"
      aria-label={name}
      aria-describedby={describedBy}
      data-testid={testId}
    >
      {rows.length === 0 && inWords !== '' ? (
        <span className="faint">{text('ui.setting.usual', { value: inWords })}</span>
      ) : null}
      {rows.map((row, index) => (
        // eslint-disable-next-line react/no-array-index-key -- a row has no name but its place
        <div key={index} className="device-row">
          {columns.map((column, at) => (
            <Cell
              key={column.name}
              column={column}
              value={row[at] ?? ''}
              label={`${name} ${index + 1}: ${text(`ui.setting.column.${column.name}`)}`}
              testId={`${testId}-${index}-${column.name}`}
              onCell={(value) =>
                change(
                  rows.map((each, line) =>
                    line === index ? columns.map((_, place) => (place === at ? value : (each[place] ?? ''))) : each,
                  ),
                )
              }
            />
          ))}
          <button
            type="button"
            className="choice"
            aria-label={text('ui.setting.row-remove', { row: index + 1 })}
            onClick={() => change(rows.filter((_, line) => line !== index))}
          >
            ×
          </button>
        </div>
      ))}
      <button
        type="button"
        className="choice"
        disabled={rows.length >= kind.most}
        onClick={add}
        data-testid={`${testId}-add`}
      >
        {text('ui.setting.row-add')}
      </button>
    </div>
  );
}

function Cell(props: {
  readonly column: Column;
  readonly value: string;
  readonly label: string;
  readonly testId: string;
  readonly onCell: (value: string) => void;
}): ReactNode {
  const { column, value, label, testId, onCell } = props;
  const text = useText();
  const named = useValueName();
  if (column.value.kind !== 'choice') {
    return (
      <input
        type="text"
        value={value}
        placeholder={text(`ui.setting.column.${column.name}`)}
        aria-label={label}
        inputMode={column.value.kind === 'number' ? 'numeric' : 'text'}
        maxLength={column.value.kind === 'text' ? column.value.most : 8}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onCell(event.target.value)}
        data-testid={testId}
      />
    );
  }
  const { options } = column.value;
  const all = value === '' || options.includes(value) ? options : [value, ...options];
  return (
    <select value={value} aria-label={label} onChange={(event) => onCell(event.target.value)} data-testid={testId}>
      <option value="">{text(`ui.setting.column.${column.name}`)}</option>
      {all.map((option) => (
        <option key={option} value={option}>
          {named(option)}
        </option>
      ))}
    </select>
  );
}
