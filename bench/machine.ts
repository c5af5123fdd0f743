import { cpus, loadavg, release, totalmem } from 'node:os';

/** Where and when the figures were taken. */
export interface Machine {
  readonly date: string;
  readonly processor: string;
  readonly cores: number;
  readonly memory: string;
  readonly kernel: string;
  readonly runtime: string;
  /** Of the last minute; above a few tenths something else was running. */
  readonly load: number;
}

export function machine(): Machine {
  const processors = cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    processor: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memory: `${Math.round(totalmem() / 1024 ** 3)} GiB`,
    kernel: release(),
    runtime: `Bun ${Bun.version}`,
    load: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  };
}
