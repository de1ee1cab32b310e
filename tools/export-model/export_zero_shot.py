"""Export a BART model trained on natural language inference to a directory for URGENCY_MODEL_DIR.

usage: export_zero_shot.py SOURCE OUT_DIR [--int8]
SOURCE is a directory or a name on the hub, as transformers opens it: a sequence classifier with an entailment label.
"""
import argparse

from transformers import AutoModelForSequenceClassification, AutoTokenizer

from model_directory import write_model

TICKETS = [
    "Production is down and we lose orders every minute!",
    "When you find the time, could you tell me where the settings for the monthly newsletter are?",
]
HYPOTHESES = ["This ticket is urgent.", "This ticket is not urgent."]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source")
    parser.add_argument("out")
    parser.add_argument("--int8", action="store_true", help="dynamic int8 weights instead of fp32")
    options = parser.parse_args()

    classifier = AutoModelForSequenceClassification.from_pretrained(options.source, attn_implementation="eager").eval()
    labels = [classifier.config.id2label[i] for i in range(classifier.config.num_labels)]
    if not any(label.lower().startswith("entail") for label in labels):
        raise SystemExit(f"The labels are {labels}; one of them must be 'entailment'. Set id2label in config.json.")
    tokenizer = AutoTokenizer.from_pretrained(options.source)
    write_model(classifier, tokenizer, (TICKETS, HYPOTHESES), options.out, options.int8)


if __name__ == "__main__":
    main()
