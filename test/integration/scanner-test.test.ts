/** A whole station in training: the self-test barcodes of the scanner sheet are answered, and touch no order. */
import { expect, onTestFinished, test } from 'vitest';
import { createPacker } from '../../main/host/node/cli/demo/packer.ts';
import { scannerTestText } from '../../main/domain/scanner-test.ts';
import { startTestStation } from '../kit/station.ts';

test('the desk says that the scanner is set right, or what is wrong', async () => {
  const desk = await startTestStation({ orders: 1 });
  onTestFinished(() => desk.stop());
  const packer = await createPacker(desk.client, desk.ports.clock);
  onTestFinished(() => packer.stop());
  await packer.scan(scannerTestText);
  const right = await packer.look();
  expect(right.last).toMatchObject({ accepted: true, notice: { code: 'scan.test-ok', tone: 'ok' } });
  expect(right.stage).toBe('idle');
  await packer.scan(scannerTestText.toUpperCase());
  const wrong = await packer.look();
  expect(wrong.last).toMatchObject({
    accepted: false,
    notice: { code: 'scan.test-caps', tone: 'warn' },
  });
}, 60_000);
