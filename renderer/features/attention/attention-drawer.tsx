/** Decisions only a person can make. The chosen item's answers have digits; arrows choose the item. */
import { useEffect, useState, type ReactNode } from 'react';
import type { AttentionItem } from '#contract';
import { useAgeText, useNoticeText, useText } from '../../state/locale.ts';
import { closeTop, refreshAttention, resolveAttention, retryAllLike } from '../../state/actions.ts';
import { useStore } from '../../state/store.ts';
import { useStationNow } from '../../state/use-now.ts';
import { Drawer } from '../../ui/drawer.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Button, toneIcons } from '../../ui/parts.tsx';

export function AttentionDrawer(): ReactNode {
  const text = useText();
  const items = useStore((state) => state.attentionItems);
  const chosen = useStore((state) => state.attentionIndex);
  const count = useStore((state) => state.status?.attention ?? 0);
  const revision = useStore((state) => state.queue?.revision ?? 0);
  const epoch = useStore((state) => state.epoch);
  useEffect(() => {
    void refreshAttention();
  }, [count, revision, epoch]);
  return (
    <Drawer
      title={text('ui.attention.title')}
      hint={text('ui.attention.hint')}
      closeText={text('ui.key.close')}
      onClose={closeTop}
      testId="attention-drawer"
    >
      {items.length === 0 ? <p className="faint">{text('ui.attention.empty')}</p> : null}
      <ul className="attention">
        {items.map((item, index) => (
          <Item key={item.id} item={item} chosen={index === chosen} />
        ))}
      </ul>
    </Drawer>
  );
}

function Item({ item, chosen }: { readonly item: AttentionItem; readonly chosen: boolean }): ReactNode {
  const text = useText();
  const notice = useNoticeText();
  const age = useAgeText();
  const now = useStationNow();
  const asking = useStore((state) => state.numberFor === item.id);
  return (
    <li
      className={`attention-item tone-${item.notice.tone}${chosen ? ' is-chosen' : ''}`}
      data-testid="attention-item"
      data-id={item.id}
    >
      <p className="attention-head">
        <Icon name={toneIcons[item.notice.tone]} />
        <b>{item.orderNumber ?? item.bagNumber ?? '–'}</b>
        <small>{text('ui.attention.since', { age: age(now - item.since) })}</small>
      </p>
      <p>{notice(item.notice)}</p>
      <div className="prompt-options">
        {item.actions.map((action, index) => (
          <Button
            key={action}
            {...(chosen ? { keyName: String(index + 1) } : {})}
            onPress={() => void resolveAttention(item.id, action)}
            testId={`attention-${action}`}
          >
            {text(`ui.attention.action.${action}`)}
          </Button>
        ))}
        {item.group === undefined ? null : (
          <Button
            quiet
            {...(chosen ? { keyName: 'A' } : {})}
            onPress={() => void retryAllLike(item.group ?? '')}
            testId="attention-retry-all"
          >
            {text('ui.attention.retry-all')}
          </Button>
        )}
      </div>
      {asking ? <NumberForm id={item.id} /> : null}
    </li>
  );
}

/** The number that the vendor's own screen shows for the order, typed or scanned. */
function NumberForm({ id }: { readonly id: string }): ReactNode {
  const text = useText();
  const [number, setNumber] = useState('');
  return (
    <form
      className="reason-other"
      onSubmit={(event) => {
        event.preventDefault();
        if (number.trim() !== '') void resolveAttention(id, 'exists', number.trim());
      }}
    >
      <label>
        <span>{text('ui.attention.number')}</span>
        <input
          // The key that opened this is on its way; the next ones are the number.
          ref={(field) => field?.focus()}
          value={number}
          maxLength={128}
          onChange={(event) => setNumber(event.target.value)}
          data-testid="attention-number"
        />
      </label>
      <button type="submit" className="button">
        {text('ui.attention.number-save')}
      </button>
    </form>
  );
}
