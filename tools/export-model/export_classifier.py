"""Export your own DistilBERT ticket classifier to a directory for CLASSIFIER_MODEL_DIR.

usage: export_classifier.py SOURCE OUT_DIR [--int8]
SOURCE is a directory or a name on the hub, as transformers opens it: a sequence classifier with id2label in its config.
"""
import argparse

from transformers import AutoModelForSequenceClassification, AutoTokenizer

from model_directory import write_model

CATEGORIES = ["Billing", "Technical", "Legal"]
EXAMPLES = [
    "I was charged twice for March.",
    "Since this morning the payment page answers with error 500 and nobody in our office can log in.",
    "Please send us the signed data processing agreement.",
]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source")
    parser.add_argument("out")
    parser.add_argument("--int8", action="store_true", help="dynamic int8 weights instead of fp32")
    options = parser.parse_args()

    classifier = AutoModelForSequenceClassification.from_pretrained(options.source, attn_implementation="eager").eval()
    labels = [classifier.config.id2label[i] for i in range(classifier.config.num_labels)]
    if sorted(map(str.lower, labels)) != sorted(map(str.lower, CATEGORIES)):
        raise SystemExit(f"The labels are {labels}; tickets are sorted into {CATEGORIES}. Set id2label in config.json.")
    write_model(classifier, AutoTokenizer.from_pretrained(options.source), (EXAMPLES,), options.out, options.int8)


if __name__ == "__main__":
    main()
