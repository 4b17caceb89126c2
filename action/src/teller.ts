import type { Announcement } from './github/announcement';
import type { Teller } from './main';
import { BuildLog, rolloutLine } from './progress';

/** The log of a GitHub job, as `@actions/core` writes it. */
export interface JobLog {
  info(line: string): void;
  startGroup(title: string): void;
  endGroup(): void;
}

/** Writes the run's progress as log lines, a group for each phase. */
export function createTeller(
  log: JobLog,
  { now, announcement }: { readonly now: () => number; readonly announcement: Announcement | undefined },
): Teller {
  const build = new BuildLog(now);
  return {
    async phase(title, work) {
      log.startGroup(title);
      try {
        return await work();
      } finally {
        log.endGroup();
      }
    },
    build(event) {
      const line = build.line(event);
      if (line !== undefined) log.info(line);
    },
    text(title, text) {
      log.startGroup(title);
      for (const line of text.split('\n')) log.info(line);
      log.endGroup();
    },
    note: line => log.info(line),
    rollout: event => log.info(rolloutLine(event)),
    deploying: async image => announcement?.begin(`Deploying ${image}`),
  };
}
