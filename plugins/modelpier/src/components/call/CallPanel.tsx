import { useEntity } from '@backstage/plugin-catalog-react';
import { type ModelSummary, type Version } from '@modelpier/backstage-plugin-modelpier-common';
import { Skeleton } from '@backstage/ui';
import { useVersion } from '../../hooks/questions';
import { CodeBlock } from '../ui/CodeBlock';
import { FailureAlert } from '../ui/FailureAlert';
import { Panel } from '../ui/Panel';
import { useTranslation } from '../use-translation';
import { forwardCommand, inferPath, metadataCommand } from './call-commands';
import classes from './call.module.css';
import { exampleTensor } from './example-tensor';
import { Requests } from './Requests';
import { SignatureTable } from './SignatureTable';

export interface CallPanelProps {
  readonly name: string;
  readonly newest: Version;
  readonly deployments: ModelSummary['deployments'];
}

/** How to ask the model: its path, how to reach it, and requests that run as they stand. */
export function CallPanel({ name, newest, deployments }: CallPanelProps) {
  const { t } = useTranslation();
  const model = newest.model ?? name;
  const place = deployments.find(({ ready }) => ready > 0)?.placement;
  return (
    <Panel title={t('call.title')} aside={<code dir="ltr">{`POST ${inferPath(model)}`}</code>}>
      <div className={classes['call']}>
        <Signature newest={newest} model={model} />
        {place === undefined ? null : <CodeBlock label={t('call.forward')} text={forwardCommand(place)} />}
      </div>
    </Panel>
  );
}

function Signature({ newest, model }: Pick<CallPanelProps, 'newest'> & { readonly model: string }) {
  const { t } = useTranslation();
  const { entity } = useEntity();
  const { value, error, receivedAt } = useVersion(entity, newest.digest);
  if (value === undefined) {
    return error === undefined ? (
      <Skeleton height={220} />
    ) : (
      <FailureAlert error={error} receivedAt={receivedAt} />
    );
  }
  const { call } = value;
  const inputs = call?.inputs.map(exampleTensor) ?? [];
  const known = inputs.filter(input => input !== undefined);
  const isComplete = known.length === inputs.length && known.length > 0;
  const version = newest.version ?? newest.tags[0] ?? t('versions.untagged');
  return (
    <>
      {call === undefined ? null : <SignatureTable call={call} version={version} />}
      {isComplete ? (
        <Requests model={call?.model ?? model} inputs={known} />
      ) : (
        <>
          <p className={classes['note']}>{t('call.unknown', { version })}</p>
          <CodeBlock label={t('call.declare')} text={DECLARATION} />
          <CodeBlock label={t('call.metadata')} text={metadataCommand(model)} />
        </>
      )}
    </>
  );
}

/** In `model.yaml`. */
const DECLARATION = `spec:
  signature:
    inputs: [{ name: image, datatype: FP32, shape: [-1, 784] }]
    outputs: [{ name: logits, datatype: FP32, shape: [-1, 10] }]
`;
