/** The screen: the place that is open between what is always there, and the truth below. */
import type { ReactNode } from 'react';
import { AttentionDrawer } from '../features/attention/attention-drawer.tsx';
import { BagsPlace } from '../features/bags/bags-place.tsx';
import { DayPlace } from '../features/day/day-place.tsx';
import { DetailsDrawer } from '../features/day/details-drawer.tsx';
import { DocumentDrawer } from '../features/day/document-drawer.tsx';
import { OrderPanel } from '../features/pack/order-panel.tsx';
import { FeedbackStrip } from '../features/pack/feedback-strip.tsx';
import { NextPanel } from '../features/pack/next-panel.tsx';
import { ParcelPanel } from '../features/pack/parcel-panel.tsx';
import { PromptPanel } from '../features/pack/prompt-panel.tsx';
import { ReasonDialog } from '../features/pack/reason-dialog.tsx';
import { WeightPanel } from '../features/pack/weight-panel.tsx';
import { LabelInspectorDrawer } from '../features/label-inspector/label-inspector-drawer.tsx';
import { QueuePanel } from '../features/queue/queue-panel.tsx';
import { DevicesDrawer } from '../features/devices/devices-drawer.tsx';
import { KeysDrawer } from '../features/settings/keys-drawer.tsx';
import { SettingsDrawer } from '../features/settings/settings-drawer.tsx';
import { ConnectionBanner } from '../features/status/connection-banner.tsx';
import { Problems } from '../features/status/problems.tsx';
import { StatusBar } from '../features/status/status-bar.tsx';
import { TopBar } from '../features/status/top-bar.tsx';
import { TimelineDrawer } from '../features/timeline/timeline-drawer.tsx';
import { TrainingPanel } from '../features/training/training-panel.tsx';
import { useStore } from '../state/store.ts';

export function App(): ReactNode {
  const drawer = useStore((state) => state.drawer);
  const place = useStore((state) => state.place);
  return (
    <div className="screen">
      <TopBar />
      <ConnectionBanner />
      <div className={`columns columns-${place}`}>
        {place === 'pack' ? <PackPlace /> : null}
        {place === 'bags' ? <BagsPlace /> : null}
        {place === 'day' ? <DayPlace /> : null}
        {drawer === 'attention' ? <AttentionDrawer /> : null}
        {drawer === 'timeline' ? <TimelineDrawer /> : null}
        {drawer === 'labels' ? <LabelInspectorDrawer /> : null}
        {drawer === 'settings' ? <SettingsDrawer /> : null}
        {drawer === 'devices' ? <DevicesDrawer /> : null}
        {drawer === 'keys' ? <KeysDrawer /> : null}
        {drawer === 'handover-details' ? <DetailsDrawer /> : null}
        {drawer === 'handover-document' ? <DocumentDrawer /> : null}
      </div>
      <StatusBar />
    </div>
  );
}

/** The queue on the left, the order in the middle, the parcel on the right. */
function PackPlace(): ReactNode {
  const trainingOpen = useStore((state) => state.trainingOpen);
  const askingReason = useStore((state) => state.askingReason);
  return (
    <>
      <QueuePanel />
      <main className="centre">
        <NextPanel />
        <FeedbackStrip />
        <PromptPanel />
        {askingReason === null ? null : <ReasonDialog command={askingReason} />}
        <OrderPanel />
      </main>
      <aside className="side">
        <WeightPanel />
        {trainingOpen ? <TrainingPanel /> : null}
        <ParcelPanel />
        <Problems />
      </aside>
    </>
  );
}
