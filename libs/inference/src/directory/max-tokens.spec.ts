import { maxTokensOf } from './max-tokens';

const nothing = { manifest: undefined, sentenceBert: undefined, tokenizerConfig: {}, config: {} };

describe('how many tokens a model reads', () => {
  it('is what the manifest says, else sentence-transformers, else the tokenizer', () => {
    const manifest = { max_sequence_tokens: 256 };
    const sentenceBert = { max_seq_length: 384 };
    const tokenizerConfig = { model_max_length: 512 };
    expect(maxTokensOf({ manifest, sentenceBert, tokenizerConfig, config: {} })).toBe(256);
    expect(maxTokensOf({ ...nothing, sentenceBert, tokenizerConfig })).toBe(384);
    expect(maxTokensOf({ ...nothing, tokenizerConfig })).toBe(512);
  });

  it('is never more than the network has positions for', () => {
    const tokenizerConfig = { model_max_length: 512 };
    expect(maxTokensOf({ ...nothing, tokenizerConfig, config: { max_position_embeddings: 128 } })).toBe(128);
  });

  it('leaves out the positions that RoBERTa never uses, which BART does', () => {
    const config = { max_position_embeddings: 514, pad_token_id: 1 };
    expect(maxTokensOf({ ...nothing, config: { ...config, model_type: 'roberta' } })).toBe(512);
    expect(maxTokensOf({ ...nothing, config: { max_position_embeddings: 514, model_type: 'mpnet' } })).toBe(512);
    expect(maxTokensOf({ ...nothing, config: { ...config, model_type: 'bart' } })).toBe(514);
  });

  it.each([1e30, 1000000000000000019884624838656, 0, -1, 1.5, '512', null])('ignores %p as a length', (length) => {
    const config = { max_position_embeddings: 128 };
    expect(maxTokensOf({ ...nothing, tokenizerConfig: { model_max_length: length }, config })).toBe(128);
  });

  it('is 512 when nothing says anything', () => {
    expect(maxTokensOf(nothing)).toBe(512);
  });
});
