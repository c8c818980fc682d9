/** The open bags side by side; the chosen one is marked in words, frame and colour. */
import { useEffect, useRef, type ReactNode } from 'react';
import type { BagView } from '#contract';
import { chooseBag } from '../../state/bag-actions.ts';
import { useText } from '../../state/locale.ts';
import { useStore } from '../../state/store.ts';
import { Icon } from '../../ui/icon.tsx';
import { KeyCap } from '../../ui/parts.tsx';
import { kilograms } from './weights.ts';

const none: readonly BagView[] = [];

export function BagCards(): ReactNode {
  const text = useText();
  const open = useStore((state) => state.bags?.open ?? none);
  const chosenId = useStore((state) => state.bags?.chosen?.id ?? null);
  if (open.length === 0) {
    return (
      <section className="bag-none" data-testid="bags-open" data-count={0}>
        <Icon name="bag" />
        <p>{text('ui.bags.none')}</p>
      </section>
    );
  }
  return (
    <section className="bag-section" data-testid="bags-open" data-count={open.length}>
      {open.length < 2 ? null : (
        <p className="bag-hint">
          {text('ui.bags.open', { count: open.length })}
          <span>
            <KeyCap name="←" /> <KeyCap name="→" /> {text('ui.bags.key.choose')}
          </span>
        </p>
      )}
      <ul className="bag-cards">
        {open.map((bag) => (
          <Card key={bag.id} bag={bag} chosen={bag.id === chosenId} />
        ))}
      </ul>
    </section>
  );
}

function Card({ bag, chosen }: { readonly bag: BagView; readonly chosen: boolean }): ReactNode {
  const text = useText();
  const card = useRef<HTMLLIElement>(null);
  // With many bags the one a scan went into comes into view by itself.
  useEffect(() => {
    if (chosen) card.current?.scrollIntoView({ block: 'nearest' });
  }, [chosen, bag.parcels]);
  return (
    <li
      ref={card}
      className={chosen ? 'bag-card is-chosen' : 'bag-card'}
      data-testid="bag-card"
      data-bag={bag.number}
      data-destination={bag.route.destination}
      data-chosen={chosen}
      data-parcels={bag.parcels}
    >
      <button type="button" aria-pressed={chosen} onClick={() => chooseBag(bag.id)}>
        <span className="bag-card-head">
          <b className="bag-destination">{bag.route.destination}</b>
          <span className="bag-route">
            <b>{bag.route.vendorName}</b>
            <span>{bag.route.service ?? text('ui.bags.any-service')}</span>
          </span>
          {chosen ? (
            <span className="bag-chosen">
              <Icon name="check" /> {text('ui.bags.chosen')}
            </span>
          ) : null}
        </span>
        <code className="bag-number">{bag.number}</code>
        <Measure
          value={bag.parcels}
          max={bag.maxParcels}
          words={text('ui.bags.parcels-of', { count: bag.parcels, max: bag.maxParcels })}
        />
        <Measure
          value={bag.parcelsWeightG}
          max={bag.maxWeightG}
          words={text('ui.bags.weight-of', { weight: kilograms(bag.parcelsWeightG), max: kilograms(bag.maxWeightG) })}
        />
      </button>
    </li>
  );
}

/** A number against its limit; nearly full is said by the bar's colour and by the number itself. */
function Measure(props: { readonly value: number; readonly max: number; readonly words: string }): ReactNode {
  const share = props.max === 0 ? 0 : props.value / props.max;
  return (
    <span className={`bag-measure${share >= 1 ? ' is-full' : share >= 0.9 ? ' is-near' : ''}`}>
      <span>{props.words}</span>
      <progress value={Math.min(props.value, props.max)} max={Math.max(1, props.max)} />
    </span>
  );
}
