import type { FailureHeadWeights } from './failure-weights-format';

/** The shipped failure head. Written by `npx nx run tools:train`; never edited by hand. */
export const FAILURE_HEAD_WEIGHTS: FailureHeadWeights = {
  manifest: {
    format: 1,
    dimensions: 384,
    bias: -0.3165,
    embedder: { name: 'all-MiniLM-L6-v2', version: '081d09b0ecae' },
    training: {
      data: '8c4d483dd2712b9ada3dc77bf945d9598e8d069b9d385397e822ec6fef21f10a',
      texts: 900,
      seed: 20251,
      steps: 20,
      learningRate: 0.0001,
      accuracy: 0.9289,
      logLoss: 0.2628,
    },
    weightStep: 0.00008086464978747332,
    hash: '241988222fb3fd54c3a2826c654ca5509a847c9ad77ea15142069d77c3fabdf5',
  },
  data: 'hzj62lXSMfFWBFTYRNrfsf9/kdmRJ+gRetuqCucb2uFGuNexyglg1Ovo0fcNRaQOlCFAFk6/ubFrRAr1Jg6FLwjfkRnVFn4dyMpB+s7liALzAP4JQg6QHHEt8gQwGsn7qwR791PpdhKrIUXwNKQF8iwBtjChKJz8SdlRHrcNrKV/wkQt+dajLmr5++EPVqBCFeXtOgdF8OpY5nnU/SCL+HgZPN1dFNgeywiBIgEb0dIl7C9FpcYV0PbyiRwg13HzxRe7SS4Fpt+h1xv6WChOQtETmBcQLCvZOO1LC7US9d8RGU1MXsev1zf+3eT0wuhLHuRl6ZXoS/D4BOk/tRkAADr6q9poBdL9ItAf4hDsTD3jGAYL4tn+5ygHOBvwDD/zDAWnB7/Y6v7YKzMpUwaS+nTbLjl3369B+NyxBJAFHRsmP6DXC/EyKd1htCACGDsSUsyPyDj7Hs1qurIunMcRFqG+Zl6EDIQlNuaZBQEAdsIMwGICBq9lDz8u6REsBWHxwxWzJigDFiNpOWAztQ15/QoXQfhHDgGjXuvn5M/mERLTNJbf7DGBwKj8dddI+O3uf9gWDQJk/DwF/6gmYvwAANTqvy4p3z7C2/FHK9YhtQb/HQ/nqBTXGlvvpUfJ3O4X2y4wKnMraiIL71vnuNNAJrwT0Oj35OL6MSI4/EMQWB6gHAzR9eiX/HvCpxmgHEXc6b4QBTYBob8g0zMPdtWHK8HqPNyRLdr7eAch2K3owCMi1owlMCKh4eNB8unr0RvtGxXRMmUyiTbIFE8ZdA2VDHsAYbrUyGpZp7UA8WTtKrWh7JXpXfLPB7sKGTw23UL2Ttu+PT04/ANJ61VOhfil/YsQqr87vTwFrAoZ7+FFfhra5v7fMOXW9EPWtL2aVQf5mL3e0SThNdbYGGi4ihFJ5eHiHvqx3rLWsDzREvYfH8WKAYDszxCPMow4qiO3JY/vGgDrvjbtksqp2+xV+jnRTKc+GeJrCMf1d+dfyqc3tMurEl/vcDAV0yb3UAg42EgA',
};
