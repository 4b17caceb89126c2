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
  const info = (line: string): void => log.info(harmlessLine(line));
  const tellGroup = ({ title, lines }: LogGroup): void => {
    log.startGroup(title);
    lines.forEach(info);
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
      if (line !== undefined) info(line);
    },
    text: (title, text) => tellGroup({ title, lines: text.split('\n') }),
    failure: deployment => failureLog(deployment).forEach(tellGroup),
    note: info,
    rollout: event => info(rolloutLine(event)),
    deploying: async image => announcement?.begin(`Deploying ${image}`),
  };
}
