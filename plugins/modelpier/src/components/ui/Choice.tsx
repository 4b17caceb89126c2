import { useId } from 'react';
import classes from './Choice.module.css';

export interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly options: readonly { readonly id: T; readonly label: string }[];
  readonly chosen: T;
  readonly onChoose: (id: T) => void;
}

/** One of a few, all in sight; radio buttons underneath, so that arrow keys move between them. */
export function Choice<T extends string>({ label, options, chosen, onChoose }: ChoiceProps<T>) {
  const name = useId();
  return (
    <fieldset className={classes['choice']}>
      <legend className={classes['legend']}>{label}</legend>
      {options.map(({ id, label: told }) => (
        <label key={id} className={classes['option']}>
          <input type="radio" name={name} checked={id === chosen} onChange={() => onChoose(id)} />
          <span>{told}</span>
        </label>
      ))}
    </fieldset>
  );
}
