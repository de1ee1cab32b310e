import fc from 'fast-check';
import { HEAD_WEIGHTS } from '../head/head-weights';
import { createFailureHead } from './failure-head';

/** Texts that no training ever saw, with their all-MiniLM-L6-v2 embeddings rounded to 8 bits. */
const EXAMPLES: readonly (readonly [isReport: boolean, text: string, embedding: string])[] = [
  [
    true,
    'The server in our office has been dead since nine',
    '9tsH2vz9yNkq/PdO6RX478698f2+FcjUKgn36+H78uPZDDgWFv8n9wfxETjuM+XfTArp8CxDG7kGCfLy9gf5AdwKGbkUHNAHzibrNh/QHBQo4u9G5AkTJfcA5GkUEd/1DEq5ONYMDcsdABg6FNzL3vURD9bX+uP9FffR9PkcQgD4IfwPBf/yBw34Fg0Xyg/tWEAJvPDW+xwFRANGDOcY6PP/++0o4xsR5/EGGh70CPf8Evb74EO4OAP/FfpH7gTUFtkF4vIRFuII3d0R0ej2AyvbER8UF/kG3Duv7PMjIwDF9Mr+GeL2O83tKPQSGRgxAgDREAkn0SYOMOIEHP8h6OA3BRAl3AvyVhb1FuQN9Aj0KO7OC+HUM/vpKs8b6fIe7DM0A/XqLiyB7gQY5BfgJg8JowYh0z0N6sXU2NgX+QD/A0DwOek6Ewsx97n87irW6PnxDvnrFvUY6j4h4ybmGRTzywHyAdXw3inTERH83g/10gjxDCvyvxwF0zIOBN/O',
  ],
  [
    true,
    'Nothing comes out of the printer any more',
    '5RvuGBXow+z962It/O0G8Njb6O7G0PMI+g7o1e73+R//7X/LVPoZ7v/h4RQdAeLZJB7y9gfaMOgsOfcF1OqeExH75hLzJA0r8Q0z3/zhHFoDCCpIHOog1+z10P/3BMwSENUGN94BN8z36uHsEOwkHBf5JNcN/PrlzenL/Z4mCADn/uMrDDYU7eDs+wLnJArzMTnxOyH3A+gQfwD00goKPSzl6QvR/Oj5mwnmAvf9JB/6G+f5DCPFySEJ8+s+PzEOQvX5DPQOywAN5f8q7sPC9w7o/NkW+AsPCz/V1x7xIgATD+i5t+83WB8MHxEVDi0NI00WyR4C/Dc07CYD+AMZ3g00J/g3Bybw3iTqJAHbFdwSFxGZIPfZLwD/2BzxM8H0BQ8hAPvm+xAD4iVfwQnZ6AvoEdYbug/N7cj4NTNW9QDyAhbiYO1E8ODtBLP+2kLlDq3n0c3aGcruxP0fCNb9+gARBvkmHR7v1yDyIeD0UvXqDOwHDAD6z/cF9SHv2EcG',
  ],
  [
    true,
    'card payments fail at all four tills',
    'CwT95eb40gIY7hfuCibf+9wqABP4A+4YFg3NzRPMOiDm9kfvGvbwKh0UFA3wEDAjJQYI8fYN1crm7w8HVxHsBOs3IuK0SCj64TARJSnkB77s4QsOCvXn7gioIicl+yD6J7LrDxIK9v5i+t8DyegJ9ioMDTXiHdorzTf+DdbjFQAg6h3rB7YRAQsZ/Lj/yuLuCgAJTt7eRtv9A/X8TfMXByHi9fokKMYJsw3svBnqKQb/RMD/IuHlrc0Q0Mj0gdve+PAB9dMoFAouxireAB0T6+X+JfseTjNQCQr4DFDIWwDUF+gf/tf+XAQSGg70JAjuMcg69CwLzikYbuP6yw5V5eVPD97Sdv8L3Ag8ABLDOwcc+8K3BTMDPDTf2eXR1RvfJwTy8yj2+gvz3ygp4+7s+r6rCBUA8UTVUQP7LSo38ADz3aQa9c0I9/bx4RQDxUWQ2d/U0wfqBwsJKEwVQfob+Rjd9+pXKBUk/tMD/uL6qggY3ML49DYOtA398vXz6/kI',
  ],
  [
    true,
    'I cannot log in, it says my account does not exist',
    'BMbv5v/WEethzyTiAxwT79YY7hbz24P9DOLJF8D59hPg7l7zBwAdudUGBxArIAAcGjfx/Bzlwkk9HRT5Dx33GenL4OUBHLLrkSoq/UIAVE7OEv01KSfrKLnSMg7+7iS/PEbiIe3wKwok6CTt+b0P5/ElU+/c2+wa+ff53RDrOgDTFh0f7QAMutYd+wLx0DUYIPT9K+HvGfX2URr5A/gzyvcVAA8+7dYC5ucTFwQxRRX3I9QR1wPc/uv+z9YmEdDlEdU03h73BsMES9/f6B2tQR7mzCTnSvoDwOvRJTQPwADO0A/eKOYTFB3LMSIl/0BHzQ3c0P45///hJB0UExZu98NCHPwYJKOb/fQf8+wXMfoISfjURerf7ijdJtrmI89XLNfyIBTr4A4h5uEM0SjILAsNxMcPvhQzCdYG/uAE9wDs8CcUORDd5tMMs/bvBNjcrS0UG9fq9M7+LzknIeDGXC+vsOkGMNiW3yt/+uIu8DNH4cUkFDYoFfcV6/Q99gS+',
  ],
  [
    true,
    'the app closes by itself as soon as I open a photo',
    'IgQNGR7Y5icqIv/63T8cQtz5zCfX6yXu9vvby/wMEtDmBjos3+bdHPcf+zH0DRoFMxHPDwviDvX5J9gyHe3L+DIu97sRtAQO0gnr5gXc9Pg0Cd0LNPw86B0a3wDxIgfP8eDcECP7/fUwBgj8zhMK1AIf/AfaCQPzExDRnOnhDwCt0AggCafm/a76BdzZBxoIFg4AERTC6Rz4K2L5AvbvEh8N7fYiHwjYux/ZOhri/RO8MQ/B3x3R2/7bucgqBwTcDQgaCOn+2esT4wsgLPHlHC73MuuY+hYjnD/IFBEx+ADo+NrSFvL7IAsGNhINKOgfRRvMMescEwIPGAvkHNc8yvgKHA76wxX0FxYyAx3f6+XkFu/1GvH+O0AJ+N0/A+3nEhURHfo4AiAg+NQl+RL32xH8Bv8PEursAy3eERgO7AD88B3kJuUNExrn3PfcHfHcDBgq3/HBCdDwzBTi8+olHin1y0oW5hDUMwUaCP4Qfx0nSdX05eUf2CzaJvkIzcIk',
  ],
  [
    false,
    'Please set up a second server for the office',
    '9sEa77762/YI+/Ec7AkDEADLFDf/w9WvFx3mZc7fGsfrCwfrOwQ65Cvp8hDKHv0MU//4zAgiBgT4IvfIF+32MBPZFvHs2aUQEfwP8f/6LAsWJMw7oLn/IPfpHwb+OPL6CRzLHu3wOOfqxBPzPdbMBe0g8yHgCv7l797t3gnyAAD1Lt4EShPe8uf3EQ4VAQnoYi8/+NrbBST7LCP1U/Yvxc49Hfzt2Q/xyAsJFSUCCBAzFOTy1X/nMBrmOO31+v33+Mn49x4oB9EuAQtQ3PYe7NEI+CoBFhYdzW/HJv02JADT+tDuISgJ9+ouDt4+GeD5Kx/tCgMv6S8lL9vz3QnlCc0IHhko7vEaVN6w+/L9EQjC68bg5tvr/wwKHh0e6usiBxMl/Asvxhbl3wsEGM7tJOUI4e//1zf5ttDU8uwSJwDkBEMW8Pb8/iMA/ssXIPwLBQnZDwjvHhP89CIVvzsEDOv34+q4GeMK9wIHHi3q4vP59A35SRsTEfY42UPzFebW',
  ],
  [
    false,
    'Could you block colour printing for my team?',
    'oWrN+CoSK77W3QIhPwv1HfQD6a3HsNoDpgsEIPOi1M5KEzHB6SkC5eTzwgLpAPge4vf98+bQU9sV+Rf08+qoDyVF0S/8/zUGUwZBLv/3+/fVzP1W0TMDJQT7F1g4+MIDLbUBQhHO/eDupggUzvMMQuXq3N8NDgLvOwHg6BoEGwBEGMfcZFD25+vaEf4fHDALSwvDIPOoKfHtOL/VMA8dEvhttRfR2jArrQDc+w38CcDPBf4j58gbzknlMsIQKS025ArP2SCB7vEw3QURPTIQ1vHrvsvT/e9C7xXV5tzv1gDmAPHvOPdMHShOSy7iNMPrL3DZy4cN+1UMPuDnLRkHEfbwY+QLUeUuRta+KNvqAuD3DB8JHecLBCj6L1cB+uELOgIRMxX7CxQaCxzbyQrRNyQTFP0+/+/4CK0pLD8MAwAl21AU3eUzpxgeNbL20yMd+t7Y7cYC7A/O2wfdGfbbIhpPHNXU3cs/p+zLGzTAAKu5D/sOPzjh9hYGIiEOyysc',
  ],
  [
    false,
    'What happens to my tickets if a server should go down one day?',
    'HxomBPbmB9UxA91UFBzzz/DTsQS/14ozzwshI+fpuMfUGAXW8LkN+zrp9jMKIwf7GyMzGy8x3CDtAuc7FeXhEffIIRA9EOcQCv0SD968FCX43ubz3wQmQvn0BRlYKLlD6P4EIwU72Osd2vMbEgHPFlhLvVPjJs2r+hoq8uUY/ADiyrzIRsPJ8R8BFtsj4hX1UCkpwOPG5j0DFuL0++YC/OATM13wBhHOsPOVLdfhKNcC79/7+CK3Ti7aAfUQldrnCugt0eP+cfsi1/8c9vcqBzP8CuJFISb799bA7RMULgDYHboe+v/Af/AY5S3u8Pa8W/X1CewDyfr4QwcPxeNDqbwdKv4oKfUTFS8mAPof6QwPE9PhMzILGif6+REM5/Nb0gDt/xwpIjfn8OrkAlL64dkNwvcWtxLkERYI89gdzwDdDSoPFN4aGg4bNrMAz9wv7fXxAfj4DxEDIUhMyxDQKTX0/u3JueNV4QgtLDDR8Tcctx3sCSYM1DQoAAut07zn',
  ],
  [
    false,
    'please cancel my broken-screen insurance at the end of the month',
    'xDhfuzX/Tv/6LP4eGe/X3eju5kO5EeIMMigNTrnv7fwW6gmmi8zw3NIa4ykG7/UmcVcKHsTtDPYAGfY0FgrJTRIPKBEBN9vEJAjwIu6/F0e0yDD9NAEJIhXf6gQ8Bvq/0a6oOPr2GxDezucjCgESDEYK6SjoGX+uFUfH9/78LgD9KA7SYw4yCxQo9g8KusgMFyfMQ/nfFesJGfntMRLpJCUTzsPUwPrXsPz2BTjDBfERmbnl+9mvJQLz6cQe8xjRtwXuCdfS/zAW4fQdDeEMEDjtLxBKNfzx4AivvOYoIgDw2grf5c0NQC8pAHMExiXnEc3YFgMS2h8KCB4RIAv5u90aVw4lD7EDUdcDFFbnMMj5G8gNLC3ryUvy39jeRycEEhQW+zDA5wygySo2/gHPEELR+iAX5PMH8SDSGfkb4gAmODnUMZPqQgC0Lj8b3q8F/Cr7Ecr4E8TYKeE9GPHe0Bn9qaQr4yoHK/xBOQjfBq4iDfPzGScC2Arx2WLvruj5',
  ],
  [
    false,
    'How do I add a fifth till to our shop?',
    '4PH7/QpP4AkWORT20fH4+888u5A28CI0/+287w69Ai1ICPvtDiYyHSufyi3U9ukrLUUR94zWzu/3++LmLfXhAeLrxkSBKwLnNBnk3T3P9PCtUhZI0g5XQhHLOwSqAtwk7uSwDQzr2NwcwcgR6fIC+BPfAwbh+AavGWT++a3gJQDoHxBCJuYMAvhJLb/azvfoCSr+4dDa7CU5TxY3OBI3ERjF6vYcLCn9E+AJGfQITT9AG+oLOgC5z/DE/+8mDQlE6csfDVUJ2C37NPrHJCYJ4D7NGAM9ChN+KdTgyD3bBgAm4NFdCTX+5fkxtj0mGAUkEhQF2AXF3gsIcAIPuubqlO3V/a0EFPtO3O0vJMWvK/At8PcIsAXrQ/wDQQHTACiELfIA47Hj5EAlxcbcYzIkBM+hAyPMAEQ5QganXiU52AAbuhEeOBUYNx3dLQ7wChK1/QHmyfYTbNk+7/YSIRJkIfj8+P7bOe83wpPjJ+Tlxryn1eHeQBIBERLnBEGr+vvp',
  ],
  [
    false,
    "where can I see last month's invoice",
    '7fHz6soDgQn+IxIc4sjLDA3+JwAB8pbhOEG2Bu3g3P0B50LzDgBlzgq3/8/r8e7/JWO79OJUAeQM2M/u5S61IMr6MVvxxC7sDOkg8j3aBcPtCukZKwwOFwoJIkT4+uzp8fNpQBoXBOf83wD1DizUzBi6IOMRBjXGGS3RCgMcawAL7z+zXTR9Gg767xDR/JP4FSHzMNfC/BAYMjwi7CAvPRTi8Bzf9TL3+uz7B40xQv5T2vbjwNYiRf34GqIaHib2ib3XEvIa0/P0uQgNDvAZCDndRkMuO0QT/OrH5+A3KwD5EuYd8Q0FQP9XIwbiCgMBOPgW69Uk5BjpEgrWBtzxuNsA7S8H/wcMF/RPJ93UGBMZFuDo3DThJC4EI8mvBOy27iQovCkW8OXTpgI16fTz8wkr2y/C8RAACw3AFdAU+QAwASvYNZYtPAYWVsEEqukJ5Kfu3tAUDwHt/7JOAQYMQCmTz/LUF8IOEr0TGv4g2MXg2s/WHyj/EBTnDDIh6gkb',
  ],
];

/** An embedding of length 1 again. */
function embedding(packed: string): Float32Array {
  const numbers = new Int8Array(Buffer.from(packed, 'base64'));
  const length = Math.hypot(...numbers);
  return Float32Array.from(numbers, (number) => number / length);
}

const head = createFailureHead();
const [, , packed] = EXAMPLES[0] as (typeof EXAMPLES)[number];
const vector = embedding(packed);
const refused = expect.objectContaining({ code: 'invalid_input' });

describe('the failure head', () => {
  const named = EXAMPLES.map(([isReport, text, meaning]) => [text, isReport, meaning] as const);
  it.each(named)(
    'knows a report of something that does not work from a wish in the same words: %s',
    (_, isReport, meaning) => {
      expect(head.probability(embedding(meaning)) >= 0.5).toBe(isReport);
    },
  );

  it('needs the embedding model that the category head needs', () => {
    expect(head.embedder).toEqual(HEAD_WEIGHTS.manifest.embedder);
  });

  it('gives any vector a probability', () => {
    const finite = fc.float({ noDefaultInfinity: true, noNaN: true });
    fc.assert(
      fc.property(fc.array(finite, { minLength: 384, maxLength: 384 }), (numbers) => {
        const probability = head.probability(Float32Array.from(numbers));
        expect(probability).toBeGreaterThanOrEqual(0);
        expect(probability).toBeLessThanOrEqual(1);
      }),
    );
  });

  it.each([0, 383, 385, 768])('refuses a vector of %i numbers', (length) => {
    expect(() => head.probability(new Float32Array(length))).toThrow(refused);
  });

  it('refuses a vector with a number that is not finite, wherever it stands', () => {
    fc.assert(
      fc.property(fc.constantFrom(NaN, Infinity, -Infinity), fc.nat(383), (number, position) => {
        expect(() => head.probability(vector.with(position, number))).toThrow(refused);
      }),
    );
  });
});
