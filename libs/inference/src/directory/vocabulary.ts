import { type JsonObject, invalidModel, isJsonObject } from './json-file';

/** The highest token id that a tokenizer can give, -1 without any. */
function highestTokenId(tokenizer: JsonObject): number {
  const { vocab } = isJsonObject(tokenizer['model']) ? tokenizer['model'] : {};
  let highest = -1;
  const see = (id: unknown): void => {
    if (typeof id === 'number' && id > highest) highest = id;
  };
  if (Array.isArray(vocab)) see(vocab.length - 1);
  else if (isJsonObject(vocab)) for (const id of Object.values(vocab)) see(id);
  const added: unknown = tokenizer['added_tokens'];
  if (Array.isArray(added)) for (const token of added) if (isJsonObject(token)) see(token['id']);
  return highest;
}

/**
 * Checks that every id of the tokenizer is one that the network knows: the mark of a tokenizer from another model.
 * @throws SmartSupportError `invalid_model`
 */
export function checkVocabulary(tokenizerFile: string, tokenizer: JsonObject, config: JsonObject): void {
  const size = config['vocab_size'];
  const highest = highestTokenId(tokenizer);
  if (typeof size === 'number' && highest >= size) {
    throw invalidModel(
      `${tokenizerFile} does not belong to this model: it has token ids up to ${highest}, config.json expected ids below ${size}.`,
    );
  }
}
