/** What may be handed over: by carrier, service and destination, with what is not as it should be, in words. */
import { useEffect, useRef, type ReactNode } from 'react';
import { toggleRoute } from '../../state/day-actions.ts';
import { routeKey, shownChoiceRow, type Choice } from '../../state/handover-choice.ts';
import { useNoticeText, useText } from '../../state/locale.ts';
import { useStore } from '../../state/store.ts';
import { Icon } from '../../ui/icon.tsx';
import { Badge, KeyCap, toneIcons } from '../../ui/parts.tsx';
import { kilograms } from '../bags/weights.ts';

const none: readonly Choice[] = [];

export function ChoicesPanel(): ReactNode {
  const text = useText();
  const choices = useStore((state) => state.day?.choices ?? none);
  const cursor = useStore(shownChoiceRow);
  const active = useStore((state) => state.dayList === 'choices');
  if (choices.length === 0) {
    return (
      <section className="order order-none" data-testid="no-choices">
        <Icon name="bag" />
        <h2>{text('ui.day.nothing')}</h2>
        <p>{text('ui.day.nothing-hint')}</p>
      </section>
    );
  }
  return (
    <section
      className={`order day-choices${active ? ' is-active' : ''}`}
      data-testid="choices"
      data-count={choices.length}
    >
      <header className="bag-content-head">
        <h2>{text('ui.day.choices')}</h2>
        <span>
          <KeyCap name="←" /> <KeyCap name="↑" /> <KeyCap name="↓" /> <KeyCap name="Enter" />{' '}
          {text('ui.day.key.enter-choice')}
        </span>
      </header>
      <ol className="lines">
        {choices.map((choice, index) => (
          <Row key={routeKey(choice.route)} choice={choice} index={index} chosen={active && index === cursor} />
        ))}
      </ol>
    </section>
  );
}

function Row(props: { readonly choice: Choice; readonly index: number; readonly chosen: boolean }): ReactNode {
  const { choice, index, chosen } = props;
  const text = useText();
  const notice = useNoticeText();
  const item = useRef<HTMLLIElement>(null);
  const key = routeKey(choice.route);
  const taken = useStore((state) => !state.leftBehind.has(key));
  useEffect(() => {
    if (chosen) item.current?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  const { route, bagCount, loose, parcels, free } = choice;
  return (
    <li
      ref={item}
      className={`day-choice${chosen ? ' is-chosen' : ''}${taken ? ' is-taken' : ''}`}
      data-testid="choice"
      data-vendor={route.vendor}
      data-destination={route.destination}
      data-taken={taken}
    >
      <button
        type="button"
        tabIndex={-1}
        aria-pressed={taken}
        onClick={() => {
          useStore.setState({ dayList: 'choices', choiceRow: index });
          toggleRoute(key);
        }}
      >
        <span className="day-tick" aria-hidden="true">
          {taken ? <Icon name="check" /> : null}
        </span>
        <span className="day-choice-route">
          <b>{route.destination}</b>
          <span>
            <b>{route.vendorName}</b>
            <br />
            {route.service ?? text('ui.bags.any-service')}
          </span>
        </span>
        <span className="day-choice-counts">
          <b>{text('ui.day.bags-count', { count: bagCount })}</b>
          <span>{text('ui.day.loose-count', { count: loose })}</span>
          <span>{text('ui.day.parcels-count', { count: parcels })}</span>
        </span>
        <span className="day-choice-weights">
          <span>{text('ui.day.net', { weight: kilograms(choice.netWeightG) })}</span>
          <span>
            {text('ui.day.gross', { weight: kilograms(choice.grossWeightG) })}
            {choice.unweighedBags === 0 ? null : ` (${text('ui.day.unweighed', { count: choice.unweighedBags })})`}
          </span>
        </span>
        <span className="day-choice-free">
          <Badge kind="plain">
            {text('ui.day.free-scan-form', { bags: free.scanForm.bags, loose: free.scanForm.loose })}
          </Badge>
          <Badge kind="plain">{text('ui.day.free-manifest', { bags: free.manifest.bags })}</Badge>
        </span>
      </button>
      {choice.obstacles.length === 0 ? null : (
        <ul className="day-obstacles">
          {choice.obstacles.map((obstacle, at) => (
            <li key={at} className={`tone-${obstacle.tone}`} data-testid="obstacle" data-code={obstacle.code}>
              <Icon name={toneIcons[obstacle.tone]} /> {notice(obstacle)}
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}
