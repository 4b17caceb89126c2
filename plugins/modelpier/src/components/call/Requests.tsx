import { useState } from 'react';
import { useFigures } from '../../hooks/use-figures';
import { Choice } from '../ui/Choice';
import { CodeBlock } from '../ui/CodeBlock';
import { useTranslation } from '../use-translation';
import { canBeCopied, curlCommand, pythonProgram, requestJson } from './call-commands';
import classes from './call.module.css';
import { type ExampleTensor } from './example-tensor';

const WAYS = ['curl', 'python', 'json'] as const;
type Way = (typeof WAYS)[number];

export interface RequestsProps {
  readonly model: string;
  readonly inputs: readonly ExampleTensor[];
}

/** The same request in three ways, each to be copied whole. */
export function Requests({ model, inputs }: RequestsProps) {
  const { t } = useTranslation();
  const [way, setWay] = useState<Way>('curl');
  return (
    <div className={classes['requests']}>
      <Choice
        label={t('call.ways')}
        options={WAYS.map(id => ({ id, label: t(`call.way.${id}`) }))}
        chosen={way}
        onChoose={setWay}
      />
      <Request way={way} model={model} inputs={inputs} />
    </div>
  );
}

function Request({ way, model, inputs }: RequestsProps & { readonly way: Way }) {
  const { t } = useTranslation();
  const { count } = useFigures();
  const label = t(`call.way.${way}`);
  if (way === 'curl') return <CodeBlock label={label} text={curlCommand(model, inputs)} hidden />;
  if (way === 'python') return <CodeBlock label={label} text={pythonProgram(model, inputs)} hidden />;
  const shown = requestJson(inputs, elements => t('call.inAll', { elements: count(elements) }));
  return (
    <>
      <CodeBlock
        label={label}
        text={shown}
        copy={canBeCopied(inputs) ? () => requestJson(inputs) : null}
        hidden
      />
      {canBeCopied(inputs) ? null : <p className={classes['note']}>{t('call.tooLarge')}</p>}
    </>
  );
}
