"""Words that lessons in any language use for the same thing: what the parts of a tutorial do.

Plain words of the trade, no framework's names: what one framework calls a thing stands in its
module under `frameworks/`.
"""

from __future__ import annotations

from functools import cache

_WORDS: dict[str, str] = {
    "install": "pip install conda apt pkg",
    "import": "import library using require from include",
    "data": "data dataset datasets dataloader loader load read csv download fetch batch shuffle "
    "split holdout partition generator frame corpus",
    "clean": "na missing null isnull impute complete unique",
    "prepare": "transform transforms preprocess normalize scale standardize resize augment encode "
    "tokenize tokenizer vocab vectorize pad onehot recipe",
    "model": "model module net network layer layers sequential forward dense linear conv "
    "convolution relu dropout pool pooling lstm gru embedding attention encoder decoder chain "
    "block hidden",
    "loss": "loss criterion entropy crossentropy mse bce objective penalty",
    "optimizer": "optimizer optim optimiser adam sgd rmsprop momentum lr rate trainer schedule "
    "scheduler",
    "gradient": "grad gradient gradients backward tape autograd differentiate derivative requires",
    "train": "train training fit fitted epoch epochs step update iteration learn sample",
    "evaluate": "eval evaluate evaluation accuracy metric metrics test score validate validation "
    "confusion error rmse report auc",
    "predict": "predict prediction predictions infer inference classify generate translate",
    "plot": "plot plots figure scatter hist histogram show imshow draw chart subplot subplots axis "
    "xlabel ylabel title legend bar barplot lines visualize image images",
    "save": "save checkpoint restore export serialize pickle dump",
    "print": "print println show display cat head first glimpse peek describe summary info str "
    "message",
    "device": "device devices gpu cuda cpu ctx context cores accelerator",
    "random": "random rand randn seed rng prng normal uniform",
    "shape": "shape size dim dims nrow ncol length len ndim reshape flatten",
    "join": "join merge concat concatenate vcat hcat bind rbind cbind stack append",
    "group": "group groupby groups by aggregate agg summarise summarize combine",
    "select": "select filter subset where query slice rows columns mask index",
    "sort": "sort arrange order orderby rank desc ascending",
    "derive": "mutate assign transform derive compute",
    "mean": "mean average avg",
    "count": "count counts n table tally nrow",
    "reshape": "pivot melt gather spread unstack long wide longer wider",
    "loop": "for while each map apply",
    "function": "def function fn lambda return",
    "class": "class struct type abstract",
}


@cache
def concepts_of(word: str) -> tuple[str, ...]:
    """Return the concepts that a word in lower case stands for, the plural as its singular."""
    if word not in _BY_WORD and len(word) > 4 and word.endswith("s"):
        word = word[:-1]
    return _BY_WORD.get(word, ())


_BY_WORD: dict[str, tuple[str, ...]] = {}
for _concept, _listed in _WORDS.items():
    for _word in _listed.split():
        _BY_WORD[_word] = (*_BY_WORD.get(_word, ()), _concept)
