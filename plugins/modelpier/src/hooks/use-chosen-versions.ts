import { useCallback } from 'react';
import { useSearchParams } from 'react-router-dom';

const PARAMETER = 'compare';
const MOST = 2;

export interface ChosenVersions {
  /** Digests, that of the older version first. */
  readonly chosen: readonly string[];
  readonly choose: (digests: readonly string[]) => void;
}

/** Which versions are to be compared: they stand in the address, so that a comparison can be sent to others. */
export function useChosenVersions(): ChosenVersions {
  const [parameters, setParameters] = useSearchParams();
  const choose = useCallback(
    (digests: readonly string[]) =>
      setParameters(
        previous => {
          const next = new URLSearchParams(previous);
          next.delete(PARAMETER);
          for (const digest of digests) next.append(PARAMETER, digest);
          return next;
        },
        { replace: true },
      ),
    [setParameters],
  );
  return { chosen: parameters.getAll(PARAMETER).slice(0, MOST), choose };
}
