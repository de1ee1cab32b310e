import { SmartSupportError } from '@smart-support/contracts';
import fc from 'fast-check';
import { createUrgencyHead } from './urgency-head';
import { URGENCY_HEAD_WEIGHTS } from './head-weights';

/** Texts that no training ever saw, with their all-MiniLM-L6-v2 embeddings rounded to 8 bits. */
const EXAMPLES = {
  solved: [
    'It works again after the restart, nothing left to do on your side. You can close this one, thanks.',
    '+rr+DiL41c335RI8yS0CRfrh9v/y5/z93twID9b05Bm/3Scq1Cj67PoF3xEjHCH6UxcKDPwlMxMlJxgQKuHxGiEF+a7R9TBD4PcoHvPIBhIC9N8EHP0H1k4b5RdXAsjOHRnWChjRCRYMxAoY4/wgAg1LCjHPK933//b0qfkMGwDruuY4EOcHKtH/RAwG+vrAIDugEUT94esPOjQcJR/wGQkS3CAfFvzx0PLa6gOBBy0THvr+9grqAcMFzeY64h/LEg4m+uP9Afg579gL4OzQC0K+BfYM7/wO2T3jKiUd2wDa3/Hq1u4IR9UATCLkHwEZyBoAJgHlEgcLCekbLP174/kILhEBqAvyKSAPBgv1CPbq8wzUMuYHGCce8sc+DOELEf8gQBn38zYKygcm3q7lAOnB5fIJwvNB7Qqg6RwP9ADT9DgLF9USAcLQ4Sz8DgLC+AcmwxbpG8z7JBYj1NDL8CL30TAHJhXNVfgCGub/Nhr/AbkNDOMd4+f2+wEqNsoE',
  ],
  praise: [
    'Lovely new start page, my compliments to whoever drew it.',
    'zQotyyAuBwbuE9k69+KU9APVIPq8PBsH7x0LFRfC5QspFhkLGwnd+SXT73/nHCD1KRUC2A6e8hj8yOHpKz4KHR6o0+/h6vkULzQI0gAc3Lvu3dYn3f/vwg4H5FT5zMYSxcEVWOAhOho45e4k0elLAuvrE+HX7jcZSvS/7NEK3QBHYi568Qu6DagBIAYJRdna6cIHB/gf7ejcCdgW6gsH+vHU0KsklBTm2e4E8cYQ4AUdUOXhP2jAtJsyKOf3Ptnb6fImIRHutukk4Pkb2ww97joX+bEN+DPhBAnuMT9G3wATBDEU8/P9WvlkYAbkKAfnPxba9QYbtLgDFVgu3Qcu094FGhvD2AEnAv4uCdfYHNTQ39btM+Lr7SlOHOjOOcnbJ8gI/trysSbY6iH6bQLfFPf82u5j6d/w4u/XL+EmxgC/LOJCVfIL5d0WSygPCSL/7jbzpwBA8+HVEwQC3wQvRvom5inUGuLGHgb0G/AbPBfjzuLWJykZ7BwY5UoYOP0g',
  ],
  wish: [
    'It would be nice if the calendar could show week numbers one day.',
    '2hMeE+E4odTk064A0RMJma3lJhkT2wMMFv7jDvMHzBwEFhDv+AQRGQrvOwvCyQgyA1oL3Qf1PBPcxOYwyTAVB/QG3w/24eb/GhwXG872BP3O8wQhIhX6Awfo7yEr8IoL7ArhReIfACXv7/HmuswBCjv65PwGKzAsKCEMKvosEwD57lrsH8zW4ku/8/0fD/0REDb1/+nB3rgIHkUSKO4g/gsPJAlHFSUr7dD5xQweRQ0ZyRcl+9ABFFLTLBLv6T7ngRcGBuoa/BoRtBdUSAQpMxnNSOIx9xQyA6wD8fcB/gDH7eEI++3vRxkkFT7R4O78CPLPLu7zhwU6/Q8NIRPSi7XrBSIH6gQwALf9Hv46Fh8GG9Uc0+AdIA309hrN/uXk28DR4SP6Tdjs6dlEOznYE9P44PMLEg75DSnICOwZ9wA23h4AC9455fEfRt3IEOMX3AX37fXoKvkJ+rR8E+r/9QvF9PupIhvgFPf+ICcMJuIm19L0D/IWNvr5DPIM6OoC',
  ],
  howTo: [
    'Where do I find the setting for the paper size? No rush at all.',
    '8UDcJuIDlDbKO/pH3PXU7N83+U4UxyTmFv242vvpEB1KEFexEB4iHhnp+gUCDdktCvkk86foON4VK/EFyjOuGtZ1ARLF6PE9NMAtpBXZ3QLrIAtRCgQW+mAo6/SWFp3j590k+0zvfwwPu/kbGvhEOuoGHA0T1lHPARzPkZRa4wABQuMdJDEv0/b7EBDwTfrv7iv6A+u5CAYpKNznxgf97wzc8PS2E/rp5iMa6R0xKx9c6Qz3BO4d5Dn2G/pC+QQN5QDI2MrU+s0MJeIqGBi75sMx187SrT5S/dnzG0sDyAAGp+knACYtSk0uFAgSAgbwvlEH4efeJmQsuPu80uCRsdZ91fH3JQg1xxP2Lr0RTMn8EgT4WtWsPucG+DnbGpoU2SHy9cMcqx0w9dz36AA//AYx0SPlOPH/5PfkBTwSugDW5kLoHx1pD+kWJesC6xuS9dXWwxzZIOgq7fA818v9MfnS8BQYNPoI6Lny5BwzMyHZDi64SPEI9vcMGwf+OMsW',
  ],
  paperwork: [
    'Could you send me a copy of the March invoice with our new street on it?',
    '5iId//0OqgPS5Qsb7MQBGgITDSz7/tsSByHlCuToDvQa+E0YNg8y+hTTCAMgGv0pK/jy+fH1Gggn+PfW/CLQDxD8AgcM0BoTMu755/3w1tzh6hr01PYZMxnp8wT1BOQP1NgALBcID/7m7skK4P4X8hL0JNP8+CvhHPi9Bd7TOQD2EC0DVesz6PnfGOUsCJ3h8f79FQPQ6eDtNRUoOwwRGwUFARnl1gPx7vb+IOwRKQN/yRUDm+UC6/QJJNguNCUa3rm5AQTl/PHjyioCCeQ409T5GRFHGCIX+v/ICdL2EgDk/BMP5iYTDBFPwfwD9+nQNikg7c4s9xwDCx8GHO3168YB9Bwf+A8KGt81HAfkGQACKQod8TL/Pfn6Cd7VE+zXReYM0Qof+PPu7hkIFRnMBBby3REE2wsNFTHsLhTZ+QAOMxL0COoo0OMVBfv1+sj0/Lbf8OsaAeLw9AYcBuHdHhPfC9jhIhv4C/cKIhf8h8zq6ODQ/zsCBgnZMBYX8f0V',
  ],
  wrongSum: [
    'The total on my bill is 60 higher than agreed, please correct it before the next one.',
    '/hz3/M8E5SoPCBAIHO32AfXo2iH4CPr/UQLb9u0I5yks0BrL8/YMF+3U+wDfJNc0HjAKKNkd+AIP9RYK7vv+EQv86PHNDQkENgIN5BESH+ns6eoEKN4U9hAEHysO/AMc2fri/wwGA/sx7Qc8D/w6/wED6xspFkT6EiH1893nEADl6xfFCOLyKu77AfsoJ+LXAiHtHvDzEufm9/YUBfQR7Sv1AQ0a79fn6Brr8+44Ld/3LNcV3x/Sy/D6FuP9ARsR7x7zDekr/A8VGvgWAfMD7vL8KQUqLPAEC/QS6wcCAgDMMRYS9AkgAPsGFR7B/zDf9doc/88q6VHzJNbbGO8F8OUl8+UU5xz7F873Cv7XE+XP897oBjLcATL7HdsRF9oDBgkT9gcF3vXV4Q8TQQ7+EgAF/w/rxQrR30nMCOUI8QACCu0AJO37GdfuMerzz+LZ5+v2DQEr9/f3JSt/+dj2GNrqFPkB1w0H+7zsFiD91N7y1A8iIhcB8OLW4gxC8Ofn',
  ],
  lockedOut: [
    'I cannot sign in since the weekend and my coursework is due on Thursday.',
    '4MD3Ahb/39vS7vTs3gcduN376QD/wsIU/usDA+vGpxQW+TARIv4r36sEBkAXEe75Eyw8/MES5SchBPrLB/m9LOzd0iEOJr7uBQBD+uD4TBHJOc46K+YPURnlO+oh5uPmMRYLLAssHQHqHwQNKt/VGgfoGjgKACkbKRb5tuD4/wD8It/5JsT++b8gKBIg/if98BHdCPHQAv3wB/voSQY317sOWgQGwirH4tnz9Sn0f+JlA9sPw9vqBA7uu+8uRB/pve7J4Cit7ugP+dw0AAT3Z/zd3BnYHjPn9OHcBSUc4gAGo8beCgkcJggB5x/f+vjU5TbWEMAx6egMG/EhC/g0Jcbx5B1LEOwEUfM1GBkqK9nrIhvrS8NNEyWxKhjTFAFbHsvjUyMG6vIA8fDtGCr39wEeyd347hc5FeL5+j79FAAv7jf36NIG7wxMB+q8w/YX6e8J2Nvp8hDwODtJD/zLNRew1cP5yO3jDw88BQk79fMb77IQJOLiPwT7DP0/A9Lv',
  ],
  refundForRent: [
    'Second time of writing: my refund of 900 has not come and the rent goes out on Friday.',
    '4v0rHQAH9P384BkaFgHL0/0YF/0e7/HXTCLeE+0A/hXP5Ukl5+f9FAcaQPgb/DkKEyf4C+M0IAUxBPW7EuzlFwEzzffIER8DGQoWcwUuEx7lx+kB6+YqAgcSJ/VF/ssG4PcDKhoX7d07zyQU2rn9CjkNGQb26yMOEkffyv/8BQDXIvcAIMD9SO8UGO7x94ETKQwCE/T7M+Xl/voACPkGDzLD/TMi8+Ln4e/U0Fv1OfLy/fok0D7Kyz7+AfUoAvTUoMMX/BEUPPMQEyAHy/L/Ihfd2B/8Fzr39voKERa/NQDd3sfNyg/DFgsi7Nw5/Pv09tcw8xhSLSbk/fdL2fbS4aJROuz1/ckFPwEB2xUHCbI/Jfv9BCb1JSnX8EPqCtj/8O4QuDLw3hL16PVyBA7y5wzxGQj8wgT1DynJKgsUEQDjCD0EIaApF8rhGrv7C//KDcQN88wCGOvqAfoyBO/4K7+1neY0HTEO/+vr9PEK99QmwvXgDvv7t/4I5jb58crd',
  ],
  warehouse: [
    'Our whole warehouse has been unable to print labels since six this morning, forty parcels an hour are missing the lorry.',
    'Dw70ByMlvr7KwT8kCNkMBCPZDODkRB0oGEi+D/vU5Bj6Em3zAhp/3jvx5CHXA+PQKg8L6C/X6NcLDfQ66CPv9ggf/fvXFxIu6DP+6hDsG/+5CRJK0ej3O+rm9vMFHMr0Ewf+GvD/JtLi6vLw5/AmHyQS3e74werMxAcc0+EyHADg+AYGQOfc9xcB+A4O8u/3PCbw3sClKBIPSBMbQxUdF2gP5vwMCMzfyRMM3ugtMQgNM/QIzPbJwu3Z6OJTHygVDQnzAhf6L/cl7SL+6sv8DhnYF+gPBwsN+03BAcvwHQDy+9/l6AFcRBwR6w7lFePd80In8xr48iMBPsn79dv5wAcW+f0JS+n1ygS7DeTN/cgXIPjy/dXGRf0F3h/XCeX2Gw8vDCL1OB7h2gBEvB/U7TnazUQC9jTR7OkQHf5N1wDn/OzSPe5XId8wJprDDwXAFeje3bnyL/nhy+v0OgnwHQsT693g9fYg1OvLBlkD9RcH6unwFDQGywfLIBoF5gsL',
  ],
  theft: [
    'A stranger is transferring money out of my account right now, I can see it happening.',
    '3uwG7CTeOOwn+AAeDO3m5v/Ttxr+u6z+UQINDNgA2vLG2wz0EyMk4xPLPw7jSv44Ecn8+fFVyB5N6xkR+hwLCwos1hQSBBXryBMi5g3xASj7BvnUFBkF+hT98xQZ/Ozp5hnyI/UaD+pHMh7jCf7kCv8XADPcIbUPIzXuFfwMCgDvERL7FPnfDfcR/O0gDqoGMAZQLy7H+BznEtjWcffrGf0EDwkq0gbZ5xHlFtYkQMW5BbPt0RbM4RXi9eco8dPp7cQrCdQCCDn4IwLy+AcW5gX9OuTxJdLF1wwCC/IvGADp5vfqF/occAIl0gsgBTvDJhfrx9gaM//2/fsU4wkhCNIL/Af46Ob72hQg8vnqCBUMKwEZGgnkND4GPdH+A6sSKPcG+EIYH9i91wf5Cvjx1CbuSu0nzzv2+9vf4d/+4QD+8hkSDC7sCdz1+/v+8AfsALfv9sch+vrUyxN/GevqIAUW3i//BP4HFujRKPP7Ab4m3/bpKT9JztUgAQ8fz9Lv',
  ],
  calmDanger: [
    'Good afternoon. Since lunch the carbon monoxide detector you fitted at our nursery keeps sounding, and two of the children feel dizzy.',
    '/BoiN0TfNQsJ4hC52Rb3IjHWDunEKik3BXYLzNDy7/0R+vTpVhEX/+AS87fWGuHxQw8w5Pr8FgMDBDowytvaNTwF5fsvEPQYSt3MLRmfRCy+7PbOIgX/Eozzwfj1XDfl5AqwCQU//DMT3c0I/eHa/Vj35Bk9B84sHxbC+S703QDfPjopKdGx/SUf//EC5M3HvEPnDK3Y6mBBJe4aJhALKtTrwuo9NMHvDPf4Ci/4xyc3BcL1v+4QQyHWAwYqW9qt9OL33QzEMRXhAPPz5REOukTQbM4ZCs+uyEroAxDvwQAR5LgN8gnv6ukJCi3/JjjqYSAYFw3uxQoFP+POMsOhKfwWFvTt8crWxC38AOIrVd+nTfQbvR0FKSq6KNMi6sYMBh7J/X/wJx7FpMj4CfHJw9gjKwrQxx7nuTYEJMX++QDpBv7pBOo1GdH14zY0Di4E1/ryFhdI/xgrBhAlGhYEQJzR37ITKvoTw+vVJh24Tu4aLvocKuE3L+rB4SYdCM0Q',
  ],
  shouting: [
    'THIS IS RIDICULOUS!!! THE ICON ON MY PROFILE PAGE IS THE WRONG SHADE OF GREEN!!! URGENT!!! ASAP!!!',
    'uict7UH1LbHr+vjrCfDw+rv1ofXMy/PQ5ArGANbVDDUJGf3EF7zyGOH7FzPz+Q3o9wj9wOnf7ANI70s8B/kWPwQYwZznzgLs+vAsDhcgCCwV6AEefyPFlggP8yZDGLsd0qzVQN+/ORwO5gpI8OwsyPLy4AMbAx7yEPPb9K/fzQD2LhP0K/q517LkWCXfPAzmQhbetiL1+Mv4SkU0NwsFMVcZ6Pbhy/k9E8L1FdVMVtkzH8gB4SKv7eYO8qE79B68+tfRN/XuAyxi68nUFf2+YgVLsK/I1z0qEuoT9BsbswALzerpYdw0SBFICkHT/ytLAGyFDrXs6SLXOk3jIPvm5LP8RBfhsdr79s4K/9j2Tu/CF08VSyQHB+VVGj0C274lBvcP5fICA0Wh5jrfXd+6GhkWEN8e1O4dy8HUAOovDAAUzUwlKtXVzOP8v/71GArHlDMt5Z8R99PvLwxE3j7TFTqZ7efqKLzcS+8YRboXIRr39s7zFjDLphIdB0U2AM8D',
  ],
  sameCalm: [
    'The icon on my profile page is the wrong shade of green.',
    '8hMd/CTiNdn89/UHAf8q/snO3fC69w/O4BPfEfrf+yYAB/HaA8f4FO8VHSr1+/3x8AET2Pnb9BsyBS8UDgQWOwYl2bHnwhL3/wARCzspCBYSEfgofx7hs+MYAyMXG9UR7cfuJPTLJCIJ8Ak07+of2dYQ4wkBChn+Ce7W8ajb0gANDBvaQOnM5NjzVQnFAwL7JhjWzxn18soFNksvDAIKGV0ZBOwB/fg9/OD+EvEdR97vGcf9FiHT8hAV26IHCBnE7/TkPQn5DBRH+PLIDgLYOfZBw9PA3yg6CPwpAgwGkADf1xUJQ8ZVNwk6JCy0LEY41Um778fmAxnwNDPkFffwBbz5Lg7dseoc49URBOXsM+3tEDkgJzMPF99K+TEA1dEPEuYGARoO4B7W4ULJMvfJJQoLBAEVx+MY5dzqCt80/QAC4TAfHOLzu+QAzAPtBwnBoSop/cER+fPqJ/If2jD6HCu7/+X+ItfyM/cATdQJJizz8/n5+CD0rPohBQ4v9OT8',
  ],
  hurt: [
    'Somebody was hurt when the shelf came down.',
    '5kAfJPDOE0gZFQw6DSLRqc4BrA7OVaoAwvnVCRXy7bIVGAb4KQclzOr20BUf+zHlLiDrNQ7qG1k7zxA2L58WIhUCG9fsTQwFBAYl/QalHzD+C7r6tO9CvuP/EhsxSNzsAe3aP98yRfHPuu780QrVJdr3yA87187QEhLZEsXhJQAc1vbkY9bmJOIMFcjMvCsn5Qjn7PfnHQLuSAjgEQT7ESbgEAT1DfS9zzMqMgMy/Ay+NO9OUS3a9w7dAgoVRDgK3e7oEvfnuf/H8ckVv/8MizDHN+7UEO+wAAcB8QrXFgDy5tlfGqrFFL0W1t8PJycfHO4NFD35wRwEO2WVsvH2++YY2xECBMa6RVAEIdD/SgJHNNj7FtwlBBfcBw3A/eTx+OcS28TSOSYP5+I5sNrSG/nrGRgZ0ig3uvQUKcwL8gDxAtzYCQVeSTP87CzzWwYpru3WIdEGOwcU79IcEfhN7x8MNi/fAOnEpf39QBn5wH/5GQXyMfkWxvsM2R8Iyhc6',
  ],
  nobodyHurt: [
    'Nobody was hurt when the shelf came down.',
    'OFP/HN/S4EIgKyg2MjO1r7XnqAO4T8v7tuLQASnhxpMsLiDxQgI30NAHuBdWCjW1GTb4Kgr2GVgypQ1DKaIkKQkvIboMYAISG/0M7vHKIVLqD6X4uOpHyfUV9zw0Qcvk6RrBH+wdNgfK4P/qyw3yOwIMivlO5cr3AQ/3JKcMNAA11Qm1P73uLvAQDq7hqz9Q/fPV+v/67ffcThG+4gjL7UL8JQrfFADNxiI4FA4x2hevL+tNZEfV/wTj6C3tGSv12hXq/wLWu/W71sQVyhUpl0jaSeQRABPBAAYa+xPLCQACFd1b87S+/ssYFuAGGi49FwEKFSz7nibvQy+ctvkJKOb33CX/Md+9P3LNIrb7U+M1O6gCGdM1A0rJ7/fM/+Xx9ej+BbK4IjYM3tA/q9jJJQwB/w4Y2Tj4iw8VNuT85ADzSf3h6Al/RB4tBBjcYA9Dvv7BNMEZJggq9OzxLOdKzA8RFUvoHt3pig4QQhAUt3DoNiT/FvoOzQkIAwkWuww7',
  ],
  pageDown: [
    'The payment page is down and no customer can order.',
    'ExAJ4MsAotAzFjU89OT4wPvT8yvkGtnq9u+0AgDm5Con+U7O5A8DFQIz4yo5/CL8PCf0+swJqgot8grlQsrwGeIb8OXc5lEFFxr9+FLiGCXKwfEh4z0MI+vu52kNuv7XQd+ZISElNvMVBh8hAeLfCDjbzhPs+CLV5RHBy/gULAAeEg2qRPY14+UBCqoV1tMPLCQsNAHe7RfUOAkoG/fp8j0T+OH3CP7H5fPK8eYXLdgeRrwsziDjDvAX2akfvQjBC7y34+X29BZ/K9ofu+QkIBLzJw5DTzY8AcHLAAIYWwCq1bQ37Qj5Nzk7ECv68EsfGu8YNvwXvhf6ESY00AQt78tBEgrFL98I9h0sFAPSVZgLKvnbWiLpTWEXA+zbEf8JSFXrIEn53v4zATUfxA7Hr1Au4QIu+fDy0/TN/eNH7QD19Dj8Wvw33ek72uXI/xTK0cXVvKToAuQS7BMnCfPNMvzaDuPyFNer5BHy7Cog6sskAf/rRRDd5CoBGhIsuBjr',
  ],
  pageWasDown: [
    'The payment page was down for an hour yesterday, it is fine now.',
    'Eg8c7ezYr8r2HPxn7hjc3Nrp2EO2+/YKIA7i4/ng1Qsc4lLk4foJBSYb+ikcGzQDLUQDBgTpvTU0By7xOvbtIOwkA9XcCyX99/gQ/kTiG+AB0twX/iwiKwHvHG042RHLJ/TAHgxJJ+ghF0Q9/A77Eh4IzSDTChD/BiqesAAKEgANGs/SHN86FuMKBKXN86sEGCUdTBHM9/PkVfIgAO7x6zcHAPIvGOvc7wvp7PX9EMMbSKnj3BXRDdgry8wnvQ2H9PXBGc8B4glyJMcdrOYRKxP4O+IgUkAD/O6+DiD/NQDD06Bd0AoVdyE9IB/m0jcNKu9VFAwt1/8iCQYC3TsT9sFfGxvGAP3n5xwVGxLZJa8FGOzKdAb7QzP43ACsKvA0LEAWA1IH5Q8LCiAp7BbO+TM73+gW6MoYzvzS9OFo7QAFEeoEXeko69cJ4uDj3/qBrd7pzeDt1tP+Bxk61PPcSObIFsoHB+XqFAHpuSgr7Rg50fX8NfT8rxTgH98Su/Hz',
  ],
} as const;

type Example = keyof typeof EXAMPLES;

function unit(numbers: Float32Array): Float32Array {
  const length = Math.hypot(...numbers);
  return numbers.map((value) => value / length);
}

function ticket(example: Example): { text: string; vector: Float32Array } {
  const [text, embedding] = EXAMPLES[example];
  return { text, vector: unit(Float32Array.from(new Int8Array(Buffer.from(embedding, 'base64')))) };
}

const head = createUrgencyHead();
const scoreOf = (example: Example): number => head.score(ticket(example)).urgency_score;

const VECTORS = fc
  .array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 384, maxLength: 384 })
  .filter((numbers) => numbers.some((value) => Math.abs(value) > 0.01))
  .map((numbers) => unit(Float32Array.from(numbers)));

/** Words that move scores, signs that break them up, and any character at all. */
const TEXTS = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc
    .array(
      fc.constantFrom('we', 'lost', 'no', 'not', 'fire', 'today', 'thanks', 'fixed', '40', '!', '?', '\n', "can't"),
      {
        maxLength: 40,
      },
    )
    .map((words) => words.join(' ')),
);

describe('the urgency head', () => {
  it('says who it is and whose vectors it reads', () => {
    expect(head.model).toEqual({
      family: 'transformer',
      name: 'minilm-rubric-logistic',
      version: URGENCY_HEAD_WEIGHTS.manifest.hash.slice(0, 12),
    });
    expect(head.embedder).toEqual(URGENCY_HEAD_WEIGHTS.manifest.embedder);
    expect(head.score(ticket('howTo')).model).toBe(head.model);
  });

  it('puts tickets in the order of the rubric', () => {
    const rows: Example[][] = [
      ['solved', 'praise'],
      ['wish', 'howTo', 'paperwork', 'wrongSum'],
      ['lockedOut'],
      ['calmDanger', 'warehouse', 'theft'],
    ];
    const scores = rows.map((row) => row.map(scoreOf));
    for (let i = 1; i < scores.length; i++) {
      expect(Math.min(...(scores[i] ?? []))).toBeGreaterThan(Math.max(...(scores[i - 1] ?? [])));
    }
  });

  it('gives what is solved or only praise a low score and theft in progress a high one', () => {
    expect(scoreOf('solved')).toBeLessThan(0.2);
    expect(scoreOf('praise')).toBeLessThan(0.2);
    expect(scoreOf('theft')).toBeGreaterThan(0.75);
  });

  it('scores calm words about a severe matter far above shouted trivia', () => {
    expect(scoreOf('calmDanger') - scoreOf('shouting')).toBeGreaterThan(0.3);
    expect(scoreOf('shouting') - scoreOf('sameCalm')).toBeLessThan(0.1);
  });

  it('goes down when harm is denied or over', () => {
    expect(scoreOf('nobodyHurt')).toBeLessThan(scoreOf('hurt') - 0.15);
    expect(scoreOf('pageWasDown')).toBeLessThan(scoreOf('pageDown') - 0.15);
  });

  it('weighs the meaning: the same words with the embedding of another matter score differently', () => {
    const { text } = ticket('paperwork');
    const severe = head.score({ text, vector: ticket('calmDanger').vector }).urgency_score;
    expect(severe).toBeGreaterThan(scoreOf('paperwork') + 0.02);
  });

  it('takes a text without a letter or digit for a ticket that asks nothing, whatever the vector', () => {
    const { vector } = ticket('calmDanger');
    for (const text of ['', ' \n', '?!... --', '🔥🔥', '\ud83d']) {
      expect(head.score({ text, vector })).toEqual({ urgency_score: 0.05, hits: [], model: head.model });
    }
  });

  it('gives any text and any unit vector a score in [0, 1] and finite weights', () => {
    fc.assert(
      fc.property(TEXTS, VECTORS, (text, vector) => {
        const { urgency_score, hits } = head.score({ text, vector });
        expect(urgency_score).toBeGreaterThanOrEqual(0);
        expect(urgency_score).toBeLessThanOrEqual(1);
        for (const { weight, match } of hits) {
          expect(Number.isFinite(weight)).toBe(true);
          expect(match.length).toBeLessThanOrEqual(80);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('does not mind white space', () => {
    const blanks = fc
      .array(fc.constantFrom(' ', '\n', '\t', '\u00a0'), { minLength: 1, maxLength: 5 })
      .map((b) => b.join(''));
    fc.assert(
      fc.property(fc.constantFrom(...(Object.keys(EXAMPLES) as Example[])), blanks, (example, blank) => {
        const { text, vector } = ticket(example);
        const spread = blank + text.replaceAll(' ', blank) + blank;
        expect(head.score({ text: spread, vector }).urgency_score).toBeCloseTo(scoreOf(example), 10);
      }),
    );
  });

  it('bears 64 KiB of anything', () => {
    const { vector } = ticket('theft');
    for (const piece of ['lost all of our ', '! ? ', '\ud800', 'abcdefg ', '__proto__ constructor ']) {
      const { urgency_score } = head.score({ text: piece.repeat(65_536 / piece.length), vector });
      expect(urgency_score).toBeGreaterThanOrEqual(0);
      expect(urgency_score).toBeLessThanOrEqual(1);
    }
  });

  it('answers the same again, whatever was asked in between', () => {
    const before = head.score(ticket('warehouse'));
    head.score(ticket('shouting'));
    expect(head.score(ticket('warehouse'))).toEqual(before);
  });
});

describe('the hits of the head', () => {
  const { text, vector } = ticket('warehouse');
  const { hits, urgency_score } = head.score({ text, vector });

  it('are the places that the signals matched, strongest first', () => {
    expect(hits.map(({ signal }) => signal)).toContain('work_just_began');
    const strengths = hits.map(({ weight }) => Math.abs(weight));
    expect(strengths).toEqual([...strengths].sort((a, b) => b - a));
  });

  it('say what is alarming by a positive weight, and what calms by a negative one', () => {
    expect(hits.find(({ signal }) => signal === 'work_just_began')?.weight).toBeGreaterThan(0);
    expect(head.score(ticket('solved')).hits.find(({ signal }) => signal === 'solved')?.weight).toBeLessThan(0);
  });

  it('share a signal found in several places among them', () => {
    const twice = head.score({ text: 'He was hurt. She was hurt as well.', vector });
    const places = twice.hits.filter(({ signal }) => signal === 'harm_danger');
    expect(places).toHaveLength(2);
    expect(places[0]?.weight).toBeGreaterThan(places[1]?.weight ?? NaN);
  });

  it('are part of a score, not all of it', () => {
    expect(urgency_score).toBeGreaterThan(0.7);
    expect(head.score({ text: 'lorem ipsum', vector }).hits).toEqual([]);
  });

  it('of a single place say how far it moved the logit', () => {
    const one = head.score({ text: 'lorem ipsum today', vector });
    const none = head.score({ text: 'lorem ipsum dolor', vector });
    const logit = (score: number): number => Math.log(score / (1 - score));
    expect(one.hits).toHaveLength(1);
    expect(one.hits[0]?.weight).toBeCloseTo(logit(one.urgency_score) - logit(none.urgency_score), 6);
  });
});

describe('an input that the head cannot read', () => {
  const { text, vector } = ticket('howTo');
  const broken = (value: number): Float32Array => vector.map((number, i) => (i === 7 ? value : number));

  it.each([
    ['no vector', undefined],
    ['an empty vector', new Float32Array()],
    ['a shorter vector', vector.slice(1)],
    ['a number that is not one', broken(NaN)],
    ['an infinite number', broken(-Infinity)],
  ])('%s is refused as invalid input', (_, wrong) => {
    const ask = () => head.score(wrong ? { text, vector: wrong } : { text });
    expect(ask).toThrow(SmartSupportError);
    expect(ask).toThrow(expect.objectContaining({ code: 'invalid_input' }));
  });
});
