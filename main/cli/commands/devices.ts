import type { Command } from 'commander';
import type { ConnectedHandset } from '../../../shared/model/handset.ts';
import { detectForeignServer } from '../../handset/running-server.ts';
import type { Handsets } from '../../workflow/handset-session.ts';
import { withHandsets } from '../../workflow/handset-session.ts';
import { pairHandset } from '../../workflow/pair-handset.ts';
import type { Bind } from '../program.ts';
import type { Terminal } from '../terminal.ts';
import { plain } from '../terminal.ts';

export function registerDevicesCommands(program: Command, bind: Bind): void {
  const devices = program
    .command('devices')
    .description('handsets with their state and what to do about it')
    .option('--watch', 'go on until Ctrl-C');
  bind<[{ readonly watch?: boolean }]>(devices, async ({ terminal, conduct }, options) => {
    const done = await withHandsets(conduct, async (handsets) => {
      if (options.watch === true) {
        await handsets.watch(conduct.signal, (change) => {
          if (change.type === 'gone')
            terminal.note(plain(terminal.words('cli.devices.gone', { serial: change.handset.serial })));
          else print(terminal, change.handset);
        });
        return { ok: true as const, value: null };
      }
      const listed = await handsets.list();
      if (!listed.ok) return listed;
      await noteForeign(terminal, handsets);
      if (listed.value.length === 0) terminal.note(terminal.words('cli.devices.none'));
      for (const one of listed.value) print(terminal, one);
      return { ok: true as const, value: null };
    });
    if (!done.ok) {
      terminal.problem(done.problem);
      return 1;
    }
    return 0;
  });

  for (const verb of ['connect', 'disconnect'] as const) {
    const command = devices
      .command(verb)
      .description(verb === 'connect' ? 'attach a handset over TCP' : 'let a TCP handset go')
      .argument('<address>', 'HOST:PORT');
    bind<[string]>(command, async ({ terminal, conduct }, address) => {
      const done = await withHandsets(conduct, (handsets) =>
        verb === 'connect' ? handsets.connect(address) : handsets.disconnect(address),
      );
      if (!done.ok) {
        terminal.problem(done.problem);
        return 1;
      }
      if (done.value !== null) print(terminal, done.value);
      return 0;
    });
  }

  const pairing = devices
    .command('pair')
    .description('wireless pairing (Android 11 and newer); connect it afterwards')
    .argument('<address>', 'HOST:PORT that the pairing dialogue shows')
    .argument('<code>', 'its six digits')
    .option('--case <dir>', 'case whose custody records that the handset keeps the key of this workstation');
  bind<[string, string, { readonly case?: string }]>(pairing, async ({ terminal, conduct }, address, code, options) => {
    const directory = options.case ?? null;
    terminal.note(plain(terminal.words(directory === null ? 'cli.devices.pair-no-case' : 'cli.devices.pair-stays')));
    const done = await withHandsets(conduct, (handsets) =>
      pairHandset(handsets, { address, code }, directory, conduct),
    );
    if (!done.ok) {
      terminal.problem(done.problem);
      return 1;
    }
    terminal.note(plain(done.value.said));
    return 0;
  });
}

/** A server beside ours keeps the USB handsets it holds: said, with the way to use it. */
async function noteForeign(terminal: Terminal, handsets: Handsets): Promise<void> {
  const foreign = handsets.server.kind === 'own' ? await detectForeignServer() : null;
  if (foreign === null) return;
  const serials = foreign.handsets.map((one) => one.serial).join(', ');
  const server = `${foreign.endpoint.host}:${foreign.endpoint.port}`;
  terminal.note(plain(terminal.words('cli.devices.foreign', { server, serials, count: foreign.handsets.length })));
}

function print(terminal: Terminal, one: ConnectedHandset): void {
  const adviceText = terminal.words(one.advice);
  terminal.result({ ...one, adviceText }, () =>
    plain(`${one.serial}  ${one.state}  ${one.model ?? '-'}  ${adviceText}`),
  );
}
