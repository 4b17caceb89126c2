import { Select } from '@backstage/ui';
import { useMemo } from 'react';
import classes from './fleet.module.css';

const ANY = '';

export interface FilterSelectProps {
  readonly label: string;
  /** What stands for no choice. */
  readonly any: string;
  readonly values: readonly string[];
  readonly nameOf?: (value: string) => string;
  readonly chosen: string | undefined;
  readonly onChoose: (value: string | undefined) => void;
}

/** One of the values that there are, or any of them; what is typed on it leads to the values that begin so. */
export function FilterSelect({ label, any, values, nameOf, chosen, onChoose }: FilterSelectProps) {
  const options = useMemo(() => {
    // What the address asks for can be let go, also where nothing has it any more.
    const all = chosen === undefined || values.includes(chosen) ? values : [chosen, ...values];
    return [{ id: ANY, label: any }, ...all.map(value => ({ id: value, label: nameOf?.(value) ?? value }))];
  }, [any, values, nameOf, chosen]);
  return (
    <Select
      aria-label={label}
      size="small"
      className={classes['select']}
      options={options}
      value={chosen ?? ANY}
      onChange={key => onChoose(key === ANY || key === null ? undefined : String(key))}
    />
  );
}
