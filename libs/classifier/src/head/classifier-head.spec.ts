import { CATEGORIES, type Category } from '@smart-support/contracts';
import fc from 'fast-check';
import { BASELINE_WEIGHTS } from '../baseline/baseline-weights';
import { createClassifierBaseline } from '../baseline/classifier-baseline';
import { encodeWeights, decodeWeights } from '../baseline/weights-format';
import { createClassifierHead } from './classifier-head';
import { HEAD_WEIGHTS } from './head-weights';
import { decodeHeadWeights, encodeHeadWeights } from './head-weights-format';

/** Texts that no training ever saw, with their all-MiniLM-L6-v2 embeddings rounded to 8 bits. */
const EXAMPLES: readonly (readonly [category: Category, text: string, embedding: string])[] = [
  [
    'Billing',
    'You took the yearly fee from my card twice this morning. Kindly send one of them back.',
    'CCMMHP/CD9sDwerbAfa488va7T/UA+8kIfjnDdgAFl8H8joA8wLsEyQMNPoFGAZJPTfn4ufx1fwQ9hXf/wjmDsj97PL51xYKAQgZR+YRLe/XohQJKOcPBxPiQxkvAtoEANvCShIW2hoPGwYOG/wfBP728FrrLj8H/Qm+17+tMQDgUA3h9eUDH8QE4vpMJbzqASdCMB4OL/7uHOXzfxUw7xEL/zg7Bsvo3BwL4gPpQ/0TBLoR5P7y0RMnCtUS8c7l5cHyHt0DJw1I8d/18eUIMMQOxPMPOTUXBRXUDB/nMADYAukI7MvUYSkGEhnpAjrMGhfSxe8z/RrrLiENEwcW8r5JEeX9Lg0Fyhv3GvvxCbYG/r7eAeTAFTIcDLz0/dUREh8M+zsB+RTe7gE0IwcC3k/JBgj6r0DS5gkD5w0G9ADlBAxEE+7pCLTFHA/93xnT8PHs4AAuC8nLKU8xN9rv+jLR2b3r/goTF+rd+gPm7/pI7s75HDvQ6e/x0xsH2dv0',
  ],
  [
    'Billing',
    'why is this months bill 40 more than the offer said',
    'IQg5DhUI3yIRMAAOA/0bCf3I6+4RDuAZHRfO+vcPAiEn9v3IyOv6CfXfwgLME/kNCz4IJcbeDv74GwoI6NLrD/PMA/nN8CTfIQAf9C0OMtT4yv/jEQsG5CbwM97f+Pj96QjYCQMKBf8H1hcC/wYF/gnxAPwb/jYCEBTg6+UB9gD2Cu68GeIcK/UG6fQYDuLb5yEDHwPu+wTX8iASLADzJR7UGvcY3fzQ6Bfb8QEgK+nyKeMbyxDq1/rW6vgU/B8T6h0CK/IZCxQB5wjtNP4v5+f+Ov4cCBEQEwLy4g8TOQDuFRIDBgvrDQQfAyUFHSHm8uoV+vJB/jP4D+oHA//v9dY3A/j6JAUbFLw49vbvNOkiCPTn8yLH8OcWAeYdLgDqIh0V3RoC3M3ZE/4f7PPa8NQO+SEQ1s/k8Srt6OYw7AADGebkLM3o+B40Of308+cAweIH8NX7DxvvExV/D/ATHPfxEdbb//wK6rnxFxoIpvUJzPImDTEd/vLzDAsFzwjp',
  ],
  [
    'Billing',
    'Our purchase order number is missing on the last three invoices, so the accounts team will not pay them.',
    '1f0azcwDvO5aDxYHGrru5M3MEvPsKtXwNwix8vLl2xAO7ybo0gAG+wcg9/wGKuwHLSjO3/Y6s+wm0OMFHt3p88ETCQWUBjvqKCEMSDvu5Ozj8e0E7/sBJhYY3wkewRwxOSwMAikSBhoA9yL3/fYNzULaBEDt+jOQBiIX6+1VMADk8CW2IetZ9O72ubgl6KMCCT4PLd22Ayf9Pgf+D/AvEzMyBiAOADb3Hx3g4aH3PBpGItwb4NUK4yn055wM6B3q4Nbv7gHqCfIGCCgM+f81IwflGE3yd0QU8tIC+uA+IADu7+n18yQRGSMaGja65XTkIdsf9Scc6zHVHxrdAhMdztwSE9fqLt0fFQ4WEwG3SObeMdsD/A/SbH8aXLjnJy7S+lUM6VXYs9Tx1hn/uwTh6jAxHVDkyRD9ASTbBjPy3QALEUIu/7HyMOskIer31/PKF63M3YIl9tAQ8QQrFd/sVP3d+vDr7sq2y/MHEg0IlasN1+PvIUTowgcAGBM42yHa',
  ],
  [
    'Billing',
    'The voucher I typed in at the till page was accepted but nothing came off the total.',
    '1CAV/gEcCfQXEjwf3t3yAurM3+T3J+YLLB646S74FhMw6kHR8NX7Hvjq0FIM++v5CEM689wSywoAGt712uHYKNL1z/sF5xwcSPQnIRrzKQPf8xniOgAGDSsKEP8HE7Lvye8FRuv25O8L4QwcGur++14ImyUmHWDGEivww7bxHADd/PEBCN4oFdwVBNgSDQj+2y0OHTgAIOb0N+EgGh8MACvLEBIbz//M/+Xd188KHghAIb318fOgtv4g8NsZ6QzAuen46Rfb9hb+8/P8APweC0HiJvYvND4aGPgC9wToIgDfErENADrjMBEgBy8MAx/70QsxGecR+/jvKg4f7xsV0oElCOEmBgA5AaoDEOvrNdwV8+MRFjvnQwbrOd70ErnvP+0fDRD2xycwzzQ/Dy/5Aev/A/o3zQvT4yX2EE47DwAmB/f7OuT3HMwQ9iHVs9Dotwn56OwHBc/aHgZI8eMdCB+//hD89RkK9NT6IxxS1dn22g/R9P/1shPBHeQG3enx',
  ],
  [
    'Billing',
    'I cancelled in May and money still leaves my account every month.',
    'JeMfGyrvK9M9EidJJeDp+bT/8ebe8NkiViDpFNn7/yLlrx/StAwG6uERFMoWHt0l+mlnztEu5/s7LucKIBikGOE68hoT7tq93yoKdi/1WWWm5Afo/QET/A/0XDFHAcuaEQoIGg0C1e5ABS3+EN3b3jIXC2P9HP37CncD98cAEgDH0/fvNOUHCfQSHPX9zs7ETfAqIFjvJAUYD9XPDQQbMS/0BPgp1u31FiTg0gvRY+8Q6Pv7v+2/AdSzz5g06erwog0t9Y8MIfYT7Qry5t3URHD1Fe06FkTm+tDK4BFRCQDR6fDs9PYff/QTDSgWTBTd8+Kzy7oaC+LvJtQ+Chkv79/JL9joBerYB9wz+SIBMwZL+b66MRn5Q371+9Sy+wkWJ/YmAibO2Snc5Nwt5hD3Aggl3/bxvsXQ/jdCuO8Q8AAY9FcKHsEYOgb1DyW95BLXL9wqEcLc67vZ9CxmJfED6yTxkPQK3cQnLSk/GwsR0tREzssGOAMov+wcsOkNqsXJ',
  ],
  [
    'Billing',
    'Could we move from paying monthly to paying once a year, and what would that cost?',
    '8/XpE/7q3M0QEO0pAPMI0tIQOTTu0ufxbvQlMPEgAwcB6g4D0x3HCx/x4ey8FBNN7GA3Dd057f4L//kX1/r8PSv0NyEJ+absI9cyD1QMTQ3w8gXb4ujz+PzHMR5q2ccc5scT+xwLBNDV6xUNDy/k6DDwCQ21104hEwu67/EL/AAmNhOX9f4RYBTzNdofDizvBAR0BOfTKOn40yj3QN0NHvQH9/hWGvPdABP9CBrmT+e36u8Uw+f2IinbJsK3qTEqxBgNMtRJ+dEq8RQV/PEBJMMPCjd/PDAG/fY77uL2OADPOiEw6ea1Lis2oQz8IOvs3LjsB8n/6+4cK8VZ9VbQ4NuwEhrwHvJYKJYe7VTn0tXl+dTu1tnLQEM8/8UvAwgL7Rw/mRDzFeH69wUOQfjUCcXr9O/cm+Pi2gvdA+6sCgD2KBwJFdA5GigdFx8tBbVF6t62D+ZE2Rre8CV2CdTLGSX+4bPM39fjCA/wFufRnOsv9QswJgMT0AcZqSXctRa8',
  ],
  [
    'Billing',
    'the lady on the phone promised me my thirty quid back, three weeks, nothing arrived',
    'wh0g7Oq9DAUj9zSxGcYFvOnE2wP3FP4aOTDB++ci4GYY0v0N8PwIGeMOCSALDhg1/PAP+6AtvwtBZPY+yzsRC+H+sMokND7s+BfuCkHRJTi25wYVCb9RKP7QCwTe3rcIp9zFQPYtDOc6IRkh8BQC5hYO+R717T6kChrx5bTlfgD9Fg8uAiQlCSDz+d4uxLVVCPkGFCWoENwrxQkrNuD6N2/dFDJW060r5voxxOYc6vvTAbtBDzqp8jn3E+tNwAUN4cft5vdi6UMiCBYM4cADrXTQ4T1GDd63B+q0BiDz/gDhJPsnKe0cf+gAJNMsJDr4PqzvLf3d8xjJGkrE5O4q26IjFwv57frm3NX7KATXQcYTIjbRI0nX3SiqQOHgEwbe+fseEVYaFTbo+ywA4fcc9G0KHtAZxwcS4/o3HBl9EQAZNAf/IOUmBO692eHyAzASE7Xn3MwuyMbLGUpt6fXe/erUrPEy+v+62e7iCwnzvdvy8/jgFCoYzP+3ywLymMrj',
  ],
  [
    'Technical',
    'Since the update the app closes by itself whenever I open the photo page.',
    '++8QKzTgzwYMKidJ4x8jPtnithy/1UH4CgO/0RD+EN/48xcI1fj7MQge80fu/PoMMgDn9vXrGxALPudEMAbbFiYkBJwnou8yDc3oyRnX7+4x7vcFTd0y4/Uh7O8Z/8wEv/2/EBTh+wo0/CMP0yYj8QL+uP/wEgP5MBfOqc/TDwDG6iL1EK/34dbQBe7WGSUE6jYgFAup2RQKRX8Y5vjcNggP5d4E9Qjf6QbJQA/v8w/gHxjj2RLP6+/N3sYw+Q7U9SwYD9r/4wQE5Q4eDQXyLFPJ8gbKBS8vwFPlICAx1gD16bbjC+gCXQwQJhPRHewoJAu7J8sQAgf2Bi4HDdg+wsT9JzEBtQ0fKekTGyPvENrUFw3rKQEMPDIX7+4kGPXnESjnBgdF8Awh7dwYGQ0Nw/oPHewFEe/cC/bQF/wN3wDyHifyR+InExri7/3uKAHxKRgt0MTdHfMAzBj35co5IDcY7zcR4//rKPcnEv4acfoRLNXq8O0YwifFMBML2d8i',
  ],
  [
    'Technical',
    'cant log in, says wrong code, tried 5 times',
    '+dT+6+/tBt8jCR//ABj5DMQP3QT8yrouDdPxLcrvBzbfDRYf0OMJ9dTwAxYSBfD/L/cGEx/B2wISKjHlGB8EEw/3ycLeDOz08CQL8PXeJwzn+t44KRoEMQH0QvA6FfnrHRDKHO7+DP8V5UobG87u5+0ZKwMJE/Ee+//20e3oQwDl5vYr/fkh8dEIIPgL9AwW7xPRFgrsDOP3WPgdR/8j6+H3JCBIHM8O7/XwHx4j1hzsJssf/BTXCwb8/u4hAvDHJOM6AygF6O0yO8rvI/u5ABXo+BrTNf/g2zMb9Ufj4wDm7hPNBu3nDBT6OyAU/ixG8yXqBwMR5w/wN/QDCvdWGeFBKQAoJcLz+wsd/+UIC9EEIwDBH+/i8e8G+vbhEBcZC8nrMQL5xvgf+Qjw5QHXFhDkv+cB5B4T/dnpCBsM/gABywIQF/zM/dvp7AkI/cbWgQsbAOvfBd/oDDw27u/mOxjMx9UA/+LjHfQq7tkGIxM/5bcP3xsh7wTpFwPxDg/w',
  ],
  [
    'Technical',
    'Our nightly export job has been stuck at 12 percent for six hours and nothing is written to the bucket.',
    'EQcAGz7YstXwBfoUwfnG6c3kwdnPHyAEQSLu8/3bqR7n/n9U9gEu4jbs8e8CFRHoS0zrE/XtFAAOFxcO5+0HBSAOqg257ePyjwXy4icNMSLe1O0+2AdIOiAH5dNM+OM1E1Pc7w8T/o3r/Q5Q9e3+/xQSCvvQ+dYkPzkD1OAOTAD85fgYKgURNjgn3xLKE+vuMgoN/i3S1ATsCxTzBRUCJEHc6OsHDPT0wBXuEfT/WN4wW+UlK+vc8SDh3ewGRgD35Q/5Kej5Dwc05PHvHvjuADTeAKooDxsu5yvQ7fjw9gDj380EDxIhIwgvwArjEeH1HDHuAOwC+mbqQfX4zA8W88jiz8XTFRkNMMLF9ur1FsnzPTMIHi8RGfbFxwsTIjrnF/onJv4xEhH87PAvw+MTEAsS1wAd6gcFLyLT4tk67wD12SkXGQD7JgEQD9a1/ODVKgbhoeIZAtEIFQ5MH8fW7dTWydkd6d8D6zoA+s/9wB/4Ah7R+Fwh0wDk2CcJ+tQd',
  ],
  [
    'Technical',
    'The thermostat loses its wifi every evening and only comes back after I pull the plug.',
    'AQgMWToF5RRdBesFADgkGcLD04Ho/Q0RR+5c+sYvoN7c+S77pTfqEOMYKDDVPdL+RutQHQlC/Csj++QTGhSiExH1JyUaB/o30g5MDBO6JVsqG/wUMNdh9CjTqAr2FtsEJOHiGNftAVc05/LdB/r2JTlmV/nlS80nwisE7+czMAAeJOwF6LTw3fL8CMfPDhTXQDwGGe8gFwI2MDxP6f4nz8LiFgD4Eifx6eTbU0W4Gv3WEcnpGfj9/i3V+ewI//3bQeoZ4ac2DtAVxPzhwMybxwfcTeMK4B/M1DkZ+AJJPQCeKOTxyNjKRt0kQN6f6kEDEOEWLw4e8sMV+QJF+ATS9e0sDST99wYlDCQYD+j59eQDICjH8hAPFfr96sZFxvw2Lv0ABlQ6Pi4bvQfpxzfF6vb98LU6hfYn+EQR6+tNtQDTJzY/Ko9Iqdog3GISLQ/O4ucQ4g3lD+UbMgklAju+7f//tTUg5Qj9HhX2Nf3MEjJvGt+o3pTlkQgJBACJycfG',
  ],
  [
    'Technical',
    'Half of the office sees a blank white screen after signing in, the other half is fine.',
    'KB0m2gzv4fUx6gEu5woh5fa14SYP2d7nDwzn/O8e8woGATnPQPgo1OMh+Vj34wL3PuDyAOMi6/8WEgQE+PQNJRIgxZjZ7uwTAf3sD+H+JP3999cLFgUc5QQZ1zX37ffYJjP1ILTrf/766Dbs1+cO6x0cEurg7/okFs/x8hHVQgDpGecaPBgDFPoRBAsSCPwBGUSdFhvp+w3fHBQDE/zx/DDk+/ci+RYOleYl7QPwMxUPN97t6Bys8PjN7PAELuHo4//8HhvKE9b5G74IIfoQD07yNwDVOv0ElT3u9wwnCwDyoeff3ic9KTAYURv0L/wRLTYFOR0G9C1UDd714RMfD+QUM9rxAQgNJgX1KxH+DuHDDfb3+tHS9vYIS9gA9fXoJQwXVy8EAN3Ysxwu39/AKfv429bz9AXpw+fX+hcdCQDn/UbpBdEA3frfxs7D4u4NxvHpC9jr9wEHHQ0fIu/6FxDe8v40QgQBAdIkAe3+Gh0muyoV4wjowikB8ewOFNgP',
  ],
  [
    'Technical',
    'How do I switch off the emails that arrive whenever a colleague edits a page?',
    'CDIhGifowro1/M1f3fibCtT2ADDI5kQVGcza5anYLAYY+fkL93BJ5uuX5CvxCQfd1Br+764DFgohARXQ1xrv5KYTKNoEEQAZ7Rc+3/D04h3iGQXYGhsxJGcj4vAXBa7/kRr8P07uHyFD90b807cJ6anTuftLW/sP5O77DtTg9gAWQcneBx8H1vi99iV/EPgODBFS2+vT9vzs9uUiAA73D/E64vru3Q3XBBkBwKgeDAREol8dE0DR9TDSSjcUKhLoHOu08dek8OoE+rzVyQddKTwF4eDIxPEyxWP+6ig5JwAU6s06AC8lO/feDr4KHvQVMATq+e4TNA317h9D4syTO+0KHBGuDQJHXzQGWB1U7/HtIuYfWrXQDR0GMMTUz/caEf31OzcO9uHxmErC5bEg/RctFfXHCbz4GfxV9R0MpwD5xz0kReZGTwW7DOxTChj89hjf9PghF+YT0On42xTby9Ak2AIQqvUIKgDRFOQDA7oOvhcTCgne5Tm2GL/nL/nx',
  ],
  [
    'Technical',
    'The little lamp keeps blinking orange and the box no longer wakes up.',
    'Ge0YOEzh/b0uCgMmyRnNIMnA6AoT0gYG4QoN0O7O6C/nACENKuL5+/H9CCED6h+4I/wR7RHw+ScIHx4L/g8GEOEF3LwC0QId81Mo+z8AOVvO6L8xIRsxSMgh5xYnJffM/A3ICBoTBi0JuxEn7gYM1xMbAhr6DeIQSebY0fAUJwABCuYJJfALSvLx/yIN8ezT+xvsAfMlBy76QOgj3hE0BAIT7t4MBuc32woJIxTY/TYV7OTk2hDrDNwMAtIuyxP3EQfd+dcXFvH98tUM+s/b3jfnGeEVCf1bskz65hn8AQAc+6nkEvr6OO71GPD5NA387ioTW8sbxfLlGPYK4voa2uwqAy4dgQ7/DhX1Aufm6xYkFvvVJvvRD9AkG+v4BxsWHA0/TzTHSSPoCB0Uvwvz9Avc5wz1vhUY0erNBs0lBQAG3ev0QughB6/l/hwT9BnywfsL6eMQGckKBQEo7P8PABjIw/DxAgDCPQrW//7wFNrhI/b0ART/lRQK+A0XKhfj',
  ],
  [
    'Legal',
    'Please delete everything you hold about me and confirm in writing, as data protection law requires.',
    'xzcb+iDlPOfwEiIBXMvaPvrYg0v45twYDRAwFdnuBdNLGlftDer48/6p40IFTfYH4v7RGMEu3qkhMfP+LDnYM+8kwR4VBtgj3275BtIEJwsEB93lxOD5+g/YRBBVGfzZ4+XZIBn95EXd+wAg5hnvCaz8EgHBdRgEBwvF/uLFJQACBOAu9SDWIcQwGRQ3DetMIDstEWXFKvwS7+3aQQfR/Az9MX0VlNYC/gUHEf/yDyPxGtUYzdPG5eYTQAnkHv7Yt6H2xynW/hEaHAoK9Azd+fgGFgsF9T8F/Sri/BXvwwDs5vHy5PcNYf/xG98mzAcL+cSl1sNTy1P7/ekcVzH09cH42oRN5PrVHiPK6/ThSv0KHgrBQdgMEX/hG8j/Gd8yOb8oFSKo39Tw6kS7CvzJWGYY5AAy7hnW+iebvdsLDAAj9xlG+f/lHASyKevYvBjjDKT/BPkhyBVPUSpE9y7KsyP87PMl//cb9Cj/Hebp6s4P5s7zI18K8R/+4QJO8vbE',
  ],
  [
    'Legal',
    'My solicitor asks for a copy of the agreement I accepted in 2021, including the liability clause.',
    '6D4M9CUp7wv0FSvvGP8KB+bl+yLaTQUaBfkENf7/ExH0/B32zcX38//q6xACIgIJ9/bZ9e3v7NQAEeEC+QIDJw4cFC/RJ9ji/Aj6DwAcCsbXJOfPBeQsRjH19cYqJAHd7OI6/vT44jDg+h8eFvsUFRwBFPPVKECVHhDc7MnaEADzK/H6OAISE+oNG+MKvMBC1Vb9Ew/9OxDp/DjaGesyDRUJGjvX7vwkB+oV7va05yATE+zr198S0N4WAfoT/Rbx9Onz2w2qBhEFBurr6+A428sG9hQK7R7mFhMGuOMkQgAO2fv/7RMOI+8E+RLx7+oK8OIP8Rn+TScGHRLhD/cD/4HnJKMZ1O8e+QYaLxnRMedpDFUWKwPyFgsGH983MAnJCwffCkoTzMzitk4KCvbU6kASBykZxPbUG0kFD+AcDwDxXPLbDtoE+PzgB880/sEAzPL0Kc3478LjzQEG/9HoKRzt2cnsFQbN7wAfKiwAvO7r8OveJyf0HzYfHvz64wv9',
  ],
  [
    'Legal',
    'You use my photograph on your home page and I never agreed to that. Take it down.',
    'AFoG+FnRIf4Q7u9SMQbN8r3l2S7C7iMHM+kMHdvo9xAkJfXt19kjDBD9Ixr8E+/3JPXaFNb23w4D+hUAM/3oLC01+8sUDxEkDg/3rxfyDA0TGwcUz9v13An1F9tK6OraweThQ/P+9PMnGQsd6hrmCOoX/tgP/S6kBfu3A/O7/QDtLQLuIxHVBtwESQ0CTBA+/hA7+Bf23zC/4xP78Qny+C/QGQoL5+gK/iHQIgMT8+7lLBDyCSK4+dvYFwIf6tz9INQHOsv0/v7p2+/9/xMH/goNBPkKsTTfDBDrJg8MsADhC/4E7AciPiojL/bh1S/XA+KB688l+gckEUsYIwT309vyGhDRFv/u3wDM9dLPIu8hRAT4EgjaFiwzAwsYL6ABC+XTLeko4R07+BbhGF0D8jru9/wmyMnl3wcW6+spFwATDVYEFQIT9+7QEt/P78cQ6Pb587fnB/X4ERkpz/UeM/0R+eXj6wT54BD7F/8YVwDt68zeO1793Dr/ETEkCtoP',
  ],
  [
    'Legal',
    'We need your signed data processing agreement before our auditors come on Monday.',
    '4RgM3ADmHuPy69P3BwX8DgDv5Bm8Gc/T/A4SBh7k1vI2KUDsDu0DBP7O0yDlBOj5ETHN8OMW7CQB4vn67wTjJwcdFBjq9b/o9fHyCebmLrC5G9UJCPb4KQfyEPfq4PwP/AQ7Le8TyhD04O71FRH6B/TtER3SGB2wCvrB2QfM+gAMQhTwBQzX8b0v6CoY9NEbERnqIh/IGEv/Ae0hMgoR/iwZEh726AkBLRbp0fgEJRtx+wIX4f7lDfXX+SHA4y3u3fIK8TW+1PD2Ai34BSkeHgAEHwkn+QQH3RS7Fu0cAQAA19sY9xUb8yAhCuLrxeToAO0LAQwxDh8eKBkJBhzW8NH7Aa8+7un8GTIEKucEIiHVEjYzBOP2OEPWEykWIxkRM/hDEQf88rfhCynt7uUCJ/IY/iBcwBHGGi3a3gvy7AAA9iHzG+T7GQjWRdrR3AXe/dnV7bsFxcg38yp/2ebnBCvj8swU6iTtzT8YCeYNwBUg/g7NLw4JCBb8OfMODeu+',
  ],
  [
    'Legal',
    "A stranger received the file with our patients' names. We have to tell the regulator within three days.",
    '2DbsBxvl0Q4n6x0S7va8+Qju9BD8KOr5JBrt/gTxBuUXAzPz5gTw/xPnIif8EOsQ7hTevQYn4/n9/7AA0+TnBw8pHclE2AHkCQ7hAfAtOskCAA4TDQfvOt78/hIe5eQR9RYUH+0G5AwL2vzw7BYeDDP6DB/nKhwAFfbU1vJDEAAACwUwCQb5/fEI8Ok13YEMBTXfJyjf8xsMAd36NfQhFCvhBRo/+RAFQhPxGPnq3+rp/OoN7BMaJu8F/ftVLPXgBrsb1grX9yYQ1gXX6uPQ/e70BzL17fX5mvLd+QEoMQD+5/HtOfTiFw//Gwn25yRU6enx9vwC9yIJGS3l5unVEbb65uTp6w4a/SXQCPXqIN4mGA3tAQYU7irS+BYaBtITAQEp908H++XMAiH1B+69ABQECxMn7UXnHxMC7PfnyAD27xYMEhb6Q+z4PP4G70Df7wLr08kJ+9Lv5w8N7gbQJCYWxfsNCRIbByj2GQ7uDOYE8BzwGzbtAgoKD+vdIOr4',
  ],
  [
    'Legal',
    'If this is not put right I will see you in the small claims court.',
    '91AaFPsMAhz7Bibw7uXiHygJBe/yM7sLJycXSg3vCQrhykcl1tMC4gIZEefQRgkQKxbuC/0xzuAtBwH/RO33GPcoIrr+zVjwEjELCfsAIfe3F+r95Pb5LyL0IBYU5/Oo8ADlGCob+wRL7xgK7wn5JhIZJCTfHBypHDPF49fqEAAFECn9K+0jFu43Dvoiv7sSKxvlDr/2Efz19w/P2f8iECkJCQf78tjp+A4Q9djZDw78LdL0GDDw7QYYI9rx/skY3fX9rw3NJStHDz3b4ObdCdLIEzLyF/387jHZ9/kQIQC00T//Ben8JRA+Au7izhIvDr1J6RMiGir7KArn6hjtucUsCYEU+/ztBxkZDgqrTcQ9HQDyQj75Dy/r6NUNLu8HMO3w1zjf4u0cvy0EG/juGFD2AvUl6BThCjjNMyH51wD+ABcBEeIW9Ljr3fAG08qu2KjhEeMBBfvd5usT9+flLSn79NwKKfTfx+UJKwD61Lr4xwXaKSXbCBb75/wE/AYm',
  ],
  [
    'Billing',
    'You are taking too much off me each quarter.',
    'LQf52w7GEg8e/4bW1fXvGAPs0hT6EcIPAu74+uDt8CIovhMW2gQbMAzjEfwCA8sfXyLuNhdNOQ1DOi7Wxijd9OHj29yqQfv3CNo1Jfb1LzbtuCDvzQUc8xwACe0ayzbv6ND9ViUJA+fz5AAi/RYcD+UuCBscMwImMRKcTcrPGgDU+vspBQz0E+LwMDfT9B/7Ieg/6eeB4xu3Kdv04vUeGdkD/QIIJQ0E1goXGPcQFumlB//zC9iu8g/y+vkOHurxtP/5WS5ZvOxCDQoKPycrxxX2AeQg2egM9hrJBAbmgQDbM0EC9uMSTAtF+ygJ7Qm+XuOpB9H/+uToJRLmKjohrObp/OXyUg/tx9S2MjD2IyvnVNIS00vNDhH6FtLgNuD8Wf3SNALytiASrvE0B/kBLfv6DyfNCRVG7x0P+zZAHAAi9SDg0sPYCQPuLSkg1t09xejwIdHr3Bs/+OxL9fE1KMvX9LXr4Sz0/PDZYf3VDjgQA9MLKB48Gt8N2vsv99jE',
  ],
  [
    'Legal',
    'Somebody sells shirts with our emblem on your marketplace.',
    'E03q/0cNbtY0xDv4Nec7DQfy2cm87N4byv3XFRUG/9ogLfoR/fI1AB200DDYQxFm+SYR18OWABw3shXdQPS8PwzOAFSqwlXL82gL7D7SEfbZO9396SLo8ykD5fJF4twn5EkCbP0vEvPS5cQpCQzcGKwi6SEHARLfLCjY5f4K5QDLYx86Nf3yy95Q+jnkf/PrHa7VwuK/4yCvDwAxP/9NHijzyt+zoxggFQu5VvI/F9gvAQ3r6/fEqPrVx7b8+FI08c75Av/1EUsh1xfoA1kO7swI9+5AIxGm6dwLM8gHwADt4DcJDNzeNKs97y3dGR4AYBri6O8IF/XTA0b6KO/f5fAkIfji1ekHx/wFSNfI87cRFBwkHPu4ReoiIScvMs35AeX/8qNTHPGXq7n7FBbdAsvE7VQxmtJIMiT7JgQcAADP6hD5EU8Dn/Q11+um+BUF2RPn/MxGS93h/gBF/gMaJzTT6vfZzx7Z7+DtMxQv7QkG+QHACSKcyA0ZVQYMuNS8',
  ],
  [
    'Legal',
    'I never said you could pass my number to those people.',
    'EQoH9dP+XOYG0PsBMrjnBv7n9QzgIfIcD8ftDfki5ygBQt775RjlJxcYEv4zHNUcDAkfIeEv49wA9P5U6ewpwtVG0gf9KeIt+yb5AuH4BDL8yuXrFAQJ+APbBSLu4MPe2PbKPOn+8zYIHCMY8PYT8x4N9QD1Nwj+ACXXLrL99ADu8hv+2b/SBTsUBd03Bi8a+CIH+xbU4gb2IBLaV/7z90IFBRA96/z32CD8Be0BIx6/Bt482/4Crgsh6/X6/O/44dPeDTnoJQjCMuAWEzJR+y7+uANTCD7r69wZBQ3rwADXOSUS6+n8FTU8+SQh2VPN+APb49wd3kTgDxYbQ+DrAMj1F+EdMt8B5uzVs7r6Es0BC9kX+QnNKVEiMe4FDvMOOfHRA+kVDvYpCdvPw0zcxDEd+BYbA07r0f0Q797hswAaGB0R5vfPI9srIRv8ChkPGoH0LdA44PcEEBNAMuEt9N4ezBjn6Pj24u/mPTMA8s/U9ukMKCj47Q8AEwAn/8Hl',
  ],
  [
    'Legal',
    'The heirs ask who may open his mailbox now.',
    'DSM/1/be+tce9f446uL7P8HowDUJ2w7V7O/iF9bsTL3rLDgMIx8Z2/zHAhvxGBns+SM05i7w9Tcp2wAJ7Rq99d7RKeXvyDgA+xvB1OMK6vLs6e4E9Vzf5xA2+L8hQ8gK1SCBRSATDfgACNMy4/zWyBQeDhqXQguyLhHfFtjQ+QDwIPcx/e7nHO7ZDAsKuaEf2wRD1hsbB3oI7BcMAx7d7xIaEDcn2vke+9kWMq8BTzpADkTYxPcIsdEGVwJC+Agt2ODo3tPgK/W14/bwAjZLFzQIByv98xUs2T3s7h9DGgD2n9kxHPnoIyb3p0obUOrkLvLdD9dC/D7CCREF6+jyvu5W//4cvwJGAyYlEg7u+fRZI+wQcd3vVQHteO0CAwUW6+kdLeTxL43BhyJN+BTr3/7U++YApTyfLxIF3DvUxQD3ACYBPRAwEBb/Eyvl0vzb37vhIw8NQ/i3CAcD90vZDej5wurZF/r/GtPg+vjkEu332/cD70Pq1R4d9vgIARYJ',
  ],
];

/** An embedding of length 1 again. */
function embedding(packed: string): Float32Array {
  const numbers = new Int8Array(Buffer.from(packed, 'base64'));
  const length = Math.hypot(...numbers);
  return Float32Array.from(numbers, (number) => number / length);
}

const examples = EXAMPLES.map(([category, text, packed]) => ({ category, text, vector: embedding(packed) }));
const [example] = examples as [(typeof examples)[number]];
const head = createClassifierHead();
const { manifest } = HEAD_WEIGHTS;

const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.lorem(), fc.constantFrom(...examples.map(({ text }) => text)));
const finite = fc.float({ noDefaultInfinity: true, noNaN: true });
const vectors = fc.oneof(
  fc.constantFrom(...examples.map(({ vector }) => vector)),
  fc.array(finite, { minLength: 384, maxLength: 384 }).map((numbers) => Float32Array.from(numbers)),
);

describe('the head', () => {
  it('sorts new texts better than the words alone do', () => {
    const baseline = createClassifierBaseline();
    const right = (classify: (input: (typeof examples)[number]) => { category: Category }) =>
      examples.filter((input) => classify(input).category === input.category).length;
    expect(right((input) => head.classify(input))).toBeGreaterThanOrEqual(21);
    expect(right((input) => head.classify(input))).toBeGreaterThan(right((input) => baseline.classify(input)));
  });

  it('names itself with the version of its weights, and the embedding model it needs', () => {
    const version = manifest.hash.slice(0, 12);
    expect(head.model).toEqual({ family: 'transformer', name: 'minilm-tfidf-lr', version });
    expect(head.classify(example).model).toEqual(head.model);
    expect(head.embedder).toEqual(manifest.embedder);
  });

  it('gives any text and vector three probabilities that add up to 1', () => {
    fc.assert(
      fc.property(texts, vectors, (text, vector) => {
        const { category, confidence, scores, needs_review, review_reasons } = head.classify({ text, vector });
        const values = CATEGORIES.map((name) => scores[name]);
        expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 9);
        expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
        expect(confidence).toBe(Math.max(...values));
        expect(scores[category]).toBe(confidence);
        expect(review_reasons.includes('low_confidence')).toBe(confidence < manifest.reviewThreshold);
        expect(needs_review).toBe(review_reasons.length > 0);
      }),
    );
  });

  it.each(['', '!!! ??', '\ud800', '漢字だけ'])('answers a text without a known word (%j) from its meaning', (text) => {
    for (const { category, vector } of [examples[6], examples[7], examples[14]] as typeof examples) {
      expect(head.classify({ text, vector }).category).toBe(category);
    }
    expect(head.explain({ text, vector: example.vector }).terms).toEqual([]);
  });

  it.each(['a'.repeat(65_536), '\ud83d'.repeat(65_536), '__proto__ constructor toString '.repeat(2_000)])(
    'answers 64 KiB of hostile text, case %#',
    (text) => {
      const input = { text, vector: example.vector };
      expect(head.classify(input).confidence).toBeGreaterThan(0.3);
      expect(head.explain(input).terms.every(({ weight }) => Number.isFinite(weight))).toBe(true);
    },
  );

  const refused = expect.objectContaining({ code: 'invalid_input' });

  it('refuses an input without a vector', () => {
    expect(() => head.classify({ text: example.text })).toThrow(refused);
  });

  it.each([0, 383, 385, 768])('refuses a vector of %i numbers', (length) => {
    const input = { text: example.text, vector: new Float32Array(length) };
    expect(() => head.classify(input)).toThrow(refused);
    expect(() => head.explain(input)).toThrow(refused);
  });

  it('refuses a vector with a number that is not finite, wherever it stands', () => {
    const wrong = fc.constantFrom(NaN, Infinity, -Infinity);
    fc.assert(
      fc.property(wrong, fc.nat(383), (number, position) => {
        const input = { text: example.text, vector: example.vector.with(position, number) };
        expect(() => head.classify(input)).toThrow(refused);
        expect(() => head.explain(input)).toThrow(refused);
      }),
    );
  });

  it('refuses to be fused with another baseline than it was trained with', () => {
    const other = encodeWeights({ ...decodeWeights(BASELINE_WEIGHTS), scale: 2 });
    expect(() => createClassifierHead({ baseline: other })).toThrow(expect.objectContaining({ code: 'invalid_model' }));
    const weights = encodeHeadWeights({ ...decodeHeadWeights(HEAD_WEIGHTS), baseline: other.manifest.hash });
    expect(createClassifierHead({ weights, baseline: other }).classify(example).scores).toEqual(
      head.classify(example).scores,
    );
  });
});

describe('an explanation of the head', () => {
  const index = (category: Category) => CATEGORIES.indexOf(category);
  /** What no word and no meaning of the ticket adds. */
  const biases = (winner: Category, second: Category) => {
    const difference = (numbers: readonly number[]) => (numbers[index(winner)] ?? 0) - (numbers[index(second)] ?? 0);
    return (
      manifest.wordsWeight * difference(BASELINE_WEIGHTS.manifest.biases) +
      manifest.meaningWeight * difference(manifest.biases)
    );
  };

  it('adds up, terms, meaning and biases, to the log-odds of one category against another', () => {
    const wordLists = fc.array(fc.constantFrom('refund', 'invoice', 'server', 'error', 'contract', 'my', 'zarblex'), {
      minLength: 1,
      maxLength: 20,
    });
    const known = wordLists.map((list) => `refund ${list.join(' ')}`);
    const between = fc.shuffledSubarray([...CATEGORIES], { minLength: 2, maxLength: 2 });
    const inputs = fc.oneof(
      fc.constantFrom(...examples),
      fc.record({ text: known, vector: fc.constantFrom(...examples.map(({ vector }) => vector)) }),
    );
    fc.assert(
      fc.property(inputs, between, ({ text, vector }, pair) => {
        const [winner, second] = pair as [Category, Category];
        const { scores } = head.classify({ text, vector });
        const reasons = head.explain({ text, vector }, { between: [winner, second], limit: Infinity });
        const shares = reasons.terms.reduce((sum, { weight }) => sum + weight, 0);
        expect(shares + (reasons.meaning ?? NaN) + biases(winner, second)).toBeCloseTo(
          Math.log(scores[winner] / scores[second]),
          6,
        );
      }),
    );
  });

  it('compares the winner with the second best by default', () => {
    for (const { text, vector } of examples) {
      const { scores } = head.classify({ text, vector });
      const [winner, second] = [...CATEGORIES].sort((a, b) => scores[b] - scores[a]) as [Category, Category];
      expect(head.explain({ text, vector })).toEqual(head.explain({ text, vector }, { between: [winner, second] }));
    }
  });

  it('has no meaning without a vector, and the same terms', () => {
    const between = ['Billing', 'Legal'] as const;
    const { terms } = head.explain(example, { between, limit: 3 });
    expect(terms).toHaveLength(3);
    expect(head.explain({ text: example.text }, { between, limit: 3 })).toEqual({ terms, meaning: null });
  });

  it('counts the meaning for the category that the text means', () => {
    for (const { category, text, vector } of examples) {
      const others = CATEGORIES.filter((name) => name !== category);
      const meanings = others.map((other) => head.explain({ text, vector }, { between: [category, other] }).meaning);
      expect(Math.max(...meanings.map((meaning) => meaning ?? NaN))).toBeGreaterThan(0);
    }
  });
});
