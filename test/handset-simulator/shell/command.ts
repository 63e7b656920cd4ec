import type { Device } from '../persona/device.ts';

/** Bytes in and out of one running command. The write functions resolve false once nobody listens any more. */
export interface ShellIo {
  out(data: string | Uint8Array): Promise<boolean>;
  err(data: string | Uint8Array): Promise<boolean>;
  /** The host's standard input; `null` is its end. */
  onInput(handler: (data: Buffer | null) => void): void;
  onGone(handler: () => void): void;
  readonly gone: boolean;
}

export interface CommandContext {
  /** Without the command's own name. */
  readonly args: readonly string[];
  readonly name: string;
  readonly io: ShellIo;
  readonly device: Device;
  readonly pid: number;
  /** Is it run by root (adbd as root, or through su)? */
  readonly root: boolean;
  /** Runs another line, as `su -c` does. */
  readonly run: (line: string, root: boolean) => Promise<number>;
}

/** Returns the exit status. */
export type CommandHandler = (context: CommandContext) => Promise<number> | number;
export type CommandTable = Readonly<Record<string, CommandHandler>>;

/** Writes text and returns a status: most commands are no more than that. */
export async function say(io: ShellIo, text: string, status = 0): Promise<number> {
  if (text !== '') await io.out(text);
  return status;
}

export async function complain(io: ShellIo, text: string, status = 1): Promise<number> {
  await io.err(text);
  return status;
}
