/** What a person should fix: profile, devices, store. One line each, always in sight while there is one. */
import type { ReactNode } from 'react';
import { useNoticeText, useText } from '../../state/locale.ts';
import { useStore } from '../../state/store.ts';
import { Icon } from '../../ui/icon.tsx';
import { toneIcons } from '../../ui/parts.tsx';

export function Problems(): ReactNode {
  const problems = useStore((state) => state.status?.problems ?? null);
  const text = useText();
  const notice = useNoticeText();
  if (problems === null || problems.length === 0) return null;
  return (
    <section className="card problems" data-testid="problems">
      <header className="card-head">
        <h2>{text('ui.problems.title')}</h2>
        <b className="count">{problems.length}</b>
      </header>
      <ul>
        {problems.map((problem, index) => (
          <li key={`${index}:${problem.code}`} className={`tone-${problem.tone}`}>
            <Icon name={toneIcons[problem.tone]} />
            <span>{notice(problem)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
