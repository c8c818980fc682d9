/** `packbench COMMAND`: the command line for integrators, support and tests. */
import { ProfileError } from '../../../profile/profile.ts';
import { StoreError } from '../../../store/store.ts';
import { exitStatus, UsageError } from './exit.ts';

type Command = (args: readonly string[]) => Promise<number>;

/** Loaded on demand: `device decode` needs no database, `demo` needs everything. */
const commands: Readonly<Record<string, { readonly says: string; load(): Promise<Command> }>> = {
  station: {
    says: 'station [--profile FILE] [--data DIR] [--port N]            serve the screen and the contract on loopback',
    load: async () => (await import('./station.ts')).runStation,
  },
  demo: {
    says: 'demo [--profile FILE] [--data DIR] [--orders N] [--seed S] [--report FILE] [--labels DIR]   play a shift',
    load: async () => (await import('./demo.ts')).runDemo,
  },
  label: {
    says: 'label --in FILE [--language zpl,tspl,escpos,cpcl,epl] [--dpi N] [--media WxHmm] [--out FILE] [--png FILE] [--waybill TEXT] …   artwork to printer bytes',
    load: async () => (await import('./label.ts')).runLabel,
  },
  sheet: {
    says: 'sheet commands|scanner|badges [--out FILE.pdf|.png|…] [--media a4|WxHmm] [--dpi N] [--language NAME] [--locale zh-CN|en] [--badge "NAME=ID"]   sheets for the wall, badge cards',
    load: async () => (await import('./sheet.ts')).runSheet,
  },
  device: {
    says: 'device decode --kind scale|dws|scanner|printer-status --protocol NAME --hex "…" [--unit kg --form NAME]     frames explained, one JSON line each; device watch|record --link URI --kind scale|dws|scanner --protocol NAME [--baud N …] [--seconds N] [--out FILE]; device replay --in FILE [--pace] [--to tcp://… | --listen tcp-listen://…]; device list; device calibrate|test-print --printer ID [--profile FILE]',
    load: async () => (await import('./device.ts')).runDevice,
  },
  vendor: {
    says: 'vendor sign|call VENDOR OPERATION [--params FILE] | vendor check   what we would send; one live call; what is documented',
    load: async () => (await import('./vendor.ts')).runVendor,
  },
  audit: {
    says: 'audit --order N | --parcel P | --from DAY --to DAY [--format json|csv] --out FILE [--data DIR] | audit --verify   the record of what happened',
    load: async () => (await import('./audit.ts')).runAudit,
  },
  diagnose: {
    says: 'diagnose [--profile FILE] [--data DIR] [--locale zh-CN|en]   self-checks, one report fit for support',
    load: async () => (await import('./diagnose.ts')).runDiagnose,
  },
};

function usage(): string {
  return ['packbench COMMAND [options]', '', ...Object.values(commands).map((command) => `  ${command.says}`)].join(
    '\n',
  );
}

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === 'help' || name === '--help') {
    console.log(usage());
    return name === undefined ? exitStatus.badInput : exitStatus.done;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    throw new UsageError(`no command ${name}; known are ${Object.keys(commands).join(', ')}`);
  }
  if (rest.includes('--help')) {
    console.log(`packbench ${command.says}`);
    return exitStatus.done;
  }
  return (await command.load())(rest);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  console.error(message.replace(/\s*\n\s*/g, ' '));
  const badInput = error instanceof UsageError || error instanceof ProfileError;
  process.exitCode = badInput ? exitStatus.badInput : exitStatus.couldNotRun;
  if (!badInput && !(error instanceof StoreError) && process.env['PACKBENCH_DEBUG'] !== undefined) console.error(error);
}
