import { useApi } from '@backstage/frontend-plugin-api';
import { type ModelSummary } from '@modelpier/backstage-plugin-modelpier-common';
import { useCallback, useEffect, useRef, useState } from 'react';
import { modelpierApiRef, type ModelsQuestion } from '../api/modelpier-api';
import { toError } from './use-polled';
import { PAGE_SIZE } from './use-model-list';

export interface Export {
  /** While it runs: how many models have been written, of how many. */
  readonly progress: { readonly done: number; readonly total: number } | undefined;
  readonly error: Error | undefined;
  readonly start: () => void;
  readonly cancel: () => void;
}

export interface ExportOptions {
  readonly question: ModelsQuestion;
  readonly head: string;
  readonly write: (models: readonly ModelSummary[]) => string;
  readonly save: (parts: readonly string[]) => void;
}

/** Reads every model that fits, page by page, and saves them as one file; one that breaks off saves nothing. */
export function useExport({ question, head, write, save }: ExportOptions): Export {
  const api = useApi(modelpierApiRef);
  const [progress, setProgress] = useState<Export['progress']>();
  const [error, setError] = useState<Error>();
  const running = useRef<AbortController>();
  useEffect(() => () => running.current?.abort(), []);

  const run = async (signal: AbortSignal): Promise<void> => {
    const parts = [head];
    let done = 0;
    let cursor: string | undefined;
    do {
      const page = await api.readModels(question, { limit: PAGE_SIZE, cursor, signal });
      signal.throwIfAborted();
      parts.push(write(page.items));
      done += page.items.length;
      setProgress({ done, total: page.total });
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    save(parts);
  };

  const start = (): void => {
    const controller = new AbortController();
    running.current = controller;
    setError(undefined);
    setProgress({ done: 0, total: 0 });
    run(controller.signal)
      .catch((caught: unknown) => {
        if (!controller.signal.aborted) setError(toError(caught));
      })
      .finally(() => {
        if (running.current === controller) setProgress(undefined);
      });
  };
  const cancel = useCallback(() => {
    running.current?.abort();
    setProgress(undefined);
  }, []);
  return { progress, error, start, cancel };
}
