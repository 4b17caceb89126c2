import type { Announcement } from './github/announcement';
import type { Teller } from './main';
import { harmlessLine } from './harmless-line';
import { BuildLog, rolloutLine } from './progress';
import { failureLog, type LogGroup } from './report/evidence-log';

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
  const tellGroup = ({ title, lines }: LogGroup): void => {
    log.startGroup(title);
    for (const line of lines) log.info(harmlessLine(line));
    log.endGroup();
  };
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
    text: (title, text) => tellGroup({ title, lines: text.split('\n') }),
    failure: deployment => failureLog(deployment).forEach(tellGroup),
    note: line => log.info(line),
    rollout: event => log.info(rolloutLine(event)),
    deploying: async image => announcement?.begin(`Deploying ${image}`),
  };
}
