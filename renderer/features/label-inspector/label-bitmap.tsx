/** The dots as the printer burns them, one pixel each, or larger. */
import { useState, type ReactNode } from 'react';
import type { LabelInspection } from '#contract';
import { useNoticeText, useText } from '../../state/locale.ts';
import { Choices } from '../../ui/parts.tsx';

type Zoom = 'fit' | '1' | '2' | '4';

export function LabelBitmap({ inspection }: { readonly inspection: LabelInspection }): ReactNode {
  const text = useText();
  const [zoom, setZoom] = useState<Zoom>('fit');
  const notice = useNoticeText();
  const { bitmap, held, bitmapProblem, drawnFrom } = inspection;
  const times = zoom === 'fit' ? null : Number(zoom);
  return (
    <section aria-label={text('ui.inspector.bitmap')}>
      <h3>{text('ui.inspector.bitmap')}</h3>
      {held === null ? null : (
        <p className="inspector-held" role="alert" data-testid="inspector-held">
          {text('ui.inspector.held', { reason: notice(held.notice) })}
        </p>
      )}
      {drawnFrom === null ? null : (
        <p className="faint" data-testid="inspector-drawn">
          {text('ui.inspector.drawn-from', { language: drawnFrom === 'application/zpl' ? 'ZPL' : 'EPL' })}
        </p>
      )}
      {bitmapProblem === '' ? null : <p className="faint">{bitmapProblem}</p>}
      {bitmap === null ? null : (
        <>
          <Choices
            label={text('ui.inspector.zoom')}
            value={zoom}
            options={['fit', '1', '2', '4']}
            nameOf={(one) => (one === 'fit' ? text('ui.inspector.zoom-fit') : `${one} ×`)}
            onChoose={setZoom}
            testId="inspector-zoom"
          />
          <div className="inspector-paper" tabIndex={0} role="group" aria-label={text('ui.inspector.bitmap')}>
            <img
              className={times === null ? 'is-fit' : 'is-dots'}
              src={`data:image/png;base64,${bitmap.base64}`}
              {...(times === null ? {} : { width: bitmap.width * times, height: bitmap.height * times })}
              alt={text('ui.inspector.bitmap-size', { width: bitmap.width, height: bitmap.height })}
              data-testid="inspector-bitmap"
            />
          </div>
          <p className="faint">{text('ui.inspector.bitmap-size', { width: bitmap.width, height: bitmap.height })}</p>
        </>
      )}
    </section>
  );
}
