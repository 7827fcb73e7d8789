"""Language of a text: py3langid's model of character sequences, narrowed to the languages of news."""

from functools import cached_property
from typing import Any

from tracker.domain.words import bag

LANGUAGES = bag(
    """
    af ar az be bg bn bs ca cs cy da de el en es et eu fa fi fr ga gl he hi hr hu hy id is it ja ka kk ko lt lv mk ms mt
    nl no pl pt ro ru sk sl sq sr sv sw ta te th tl tr uk ur uz vi zh
    """
)
"""Languages that are told apart. Among all that the model knows are creoles and dialects, for which it takes headlines
in English: two in three of its mistakes on them."""


class LanguageIdentifier:
    """Reads languages; the model is loaded when the first text needs it, in half a second and with 65 MB."""

    def read(self, text: str) -> tuple[str, float]:
        """Return the likeliest language of a text, as an ISO 639-1 code, and the belief in it, 0 to 1."""
        language, belief = self._model.classify(text)
        return str(language), float(belief)

    @cached_property
    def _model(self) -> Any:
        from py3langid.langid import MODEL_FILE  # noqa: PLC0415 - loads its library
        from py3langid.langid import LanguageIdentifier as Whole  # noqa: PLC0415

        whole = Whole.from_model_file(MODEL_FILE)
        whole.set_languages(LANGUAGES)
        # The whole model lets nothing go that it was narrowed from.
        return Whole(
            whole.nb_ptc, whole.nb_pc, whole.nb_classes, whole.tk_nextmove, whole.tk_output,
            norm_probs=True, tk_row=whole.tk_row,
        )  # fmt: skip
