/** How to ask the model for predictions. */
export const enCall = {
  title: 'How to call it',
  signature: 'Inputs and outputs of {{version}}',
  tensor: 'Tensor',
  part: 'Part',
  input: 'Input',
  output: 'Output',
  datatype: 'Data type',
  shape: 'Shape',
  notSaid: 'not said',
  variable: 'A dimension of −1 may have any size; the requests below send 1.',
  ways: 'Ways to ask',
  way: { curl: 'curl', python: 'Python', json: 'JSON' },
  inAll: '… {{elements}} values in all',
  tooLarge: 'Too large for a clipboard: the Python program makes it.',
  forward: 'Reach it from your machine',
  unknown:
    'The image of {{version}} does not say in full which inputs the model takes. Declare them in model.yaml and release again, or ask the running model.',
  declare: 'Declare them in model.yaml',
  metadata: 'Ask the running model',
} as const;
