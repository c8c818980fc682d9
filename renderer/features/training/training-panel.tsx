/** What the virtual devices, network and vendors do, and the labels that came out, ready to scan. */
import { useEffect, useRef, type ReactNode } from 'react';
import { TrainingState } from '#contract';
import type { CallInput } from '#contract';
import { useText } from '../../state/locale.ts';
import { setTraining } from '../../state/actions.ts';
import { useStore } from '../../state/store.ts';
import { Badge, Choices } from '../../ui/parts.tsx';
import { LabelTray } from './label-tray.tsx';
import { MachineControls } from './training-machines.tsx';
import { DeviceHead, PlugButton, RealDevice } from './training-parts.tsx';
import { ScaleControls } from './training-scale.tsx';

type Fault = NonNullable<CallInput<'training.set'>['vendor']>['fault'];

export function TrainingPanel(): ReactNode {
  const training = useStore((state) => state.training);
  const text = useText();
  const frame = useRef<HTMLElement>(null);
  useEffect(() => frame.current?.focus({ preventScroll: true }), []);
  if (training === null) return null;
  return (
    <section
      ref={frame}
      tabIndex={-1}
      className="card training"
      data-testid="training-panel"
      aria-label={text('ui.training.title')}
    >
      <header className="card-head">
        <h2>{text('ui.training.title')}</h2>
        <Badge kind="training">{text('ui.badge.training')}</Badge>
      </header>
      <LabelTray tray={training.tray} />
      <ScaleControls scale={training.scale} />
      <PrinterControls training={training} />
      <MachineControls training={training} />
      <h3>{text('ui.training.network')}</h3>
      <Choices
        label={text('ui.training.network')}
        value={training.network}
        options={TrainingState.shape.network.options}
        nameOf={(one) => text(`ui.training.network.${one}`)}
        onChoose={(network) => setTraining({ network })}
        testId="training-network"
      />
      {training.vendors.map((vendor) => (
        <VendorFault key={vendor.id} id={vendor.id} fault={vendor.fault} />
      ))}
    </section>
  );
}

function PrinterControls({ training }: { readonly training: TrainingState }): ReactNode {
  const text = useText();
  const name = text('ui.training.printer');
  if (training.printerVirtual === false) return <RealDevice name={name} testId="training-printer-real" />;
  return (
    <>
      <DeviceHead name={name}>
        <PlugButton
          name={name}
          plugged={training.printer !== 'off'}
          onPlug={(plugged) => setTraining({ printer: plugged ? 'ready' : 'off' })}
          testId="training-printer-plug"
        />
      </DeviceHead>
      <select
        value={training.printer}
        aria-label={name}
        onChange={(event) => setTraining({ printer: TrainingState.shape.printer.parse(event.target.value) })}
        data-testid="training-printer"
      >
        {TrainingState.shape.printer.options.map((one) => (
          <option key={one} value={one}>
            {text(`ui.training.printer.${one}`)}
          </option>
        ))}
      </select>
    </>
  );
}

function VendorFault({ id, fault }: { readonly id: string; readonly fault: Fault }): ReactNode {
  const text = useText();
  const name = useStore((state) => state.status?.vendors.find((vendor) => vendor.id === id)?.name ?? id);
  const faults = TrainingState.shape.vendors.element.shape.fault;
  return (
    <label className="field">
      <span>{name}</span>
      <select
        value={fault}
        onChange={(event) => setTraining({ vendor: { id, fault: faults.parse(event.target.value) } })}
        data-testid={`training-vendor-${id}`}
      >
        {faults.options.map((one) => (
          <option key={one} value={one}>
            {text(`ui.training.fault.${one}`)}
          </option>
        ))}
      </select>
    </label>
  );
}
