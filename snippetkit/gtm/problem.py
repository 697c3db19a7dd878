"""What is wrong with a container, and the codes that there are."""

from __future__ import annotations

from snippetkit.records import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong: a stable code, a sentence, and where, such as `tag 'Checkout' (tagId 3)`."""

    code: str
    message: str
    where: str

    @property
    def level(self) -> str:
        """`error` where an import or a publication is refused, `warning` where that is not certain."""
        return "warning" if self.code in _WARNINGS else "error"

    def __str__(self) -> str:
        return f"{self.where}: {self.message} ({self.code})"


CODES = {
    "wrongType": "A value has the wrong type, so nothing else was checked.",
    "wrongVersion": "The export is not of format version 2.",
    "missingField": "A name, a type, an id that others refer to, or a part of the export is not there.",
    "missingId": "An item has no id, which every export has; no tags can be merged into such a file.",
    "unknownField": "A field that the published schema does not have.",
    "unknownWord": "A word that the schema does not allow.",
    "duplicateTagName": "Two tags have one name.",
    "duplicateTriggerName": "Two triggers have one name.",
    "duplicateDefaultMacro": "Two variables have one name, built-in ones included.",
    "duplicateFolderName": "Two folders have one name.",
    "duplicateTemplateName": "Two custom templates have one name.",
    "duplicateTagId": "Two tags have one id.",
    "duplicateTriggerId": "Two triggers have one id.",
    "duplicateVariableId": "Two variables have one id.",
    "duplicateFolderId": "Two folders have one id.",
    "duplicateTemplateId": "Two custom templates have one id.",
    "unknownTriggerId": "A trigger that is referred to does not exist.",
    "unknownFolderId": "A folder that is referred to does not exist.",
    "unknownTagInstance": "A tag that is referred to does not exist.",
    "unknownMacroInstance": "A variable that is referred to does not exist, or is a built-in one that is not enabled.",
    "unknownTemplate": "A custom template is referred to that is not in the export.",
    "unknownType": "A tag, a variable or a client is of a type that cannot exist.",
    "tagSequenceCycle": "A tag is to fire before or after itself.",
    "macroCycle": "Variables refer to each other in a circle.",
    "invalidRegex": "A pattern is not a JavaScript regular expression.",
    "customTriggerMissingEventFilter": "A custom event's trigger does not say which event.",
    "invalidHtmlCssJs": "The markup of an HTML tag is not closed.",
    "macroInCommentsError": "A variable is referred to inside a comment of HTML, CSS or JavaScript.",
    "jsCompilerError": "A script is not JavaScript, or newer JavaScript than the compiler accepts (ECMAScript 5).",
    "invalidPixelId": "A tag of a platform's own type names no pixel, so nothing is counted.",
    "documentWrite": "A script calls document.write, and its tag does not support that: it replaces the page.",
    "htmlTooLong": "An HTML tag has more characters than the editor takes.",
    "javascriptTooLong": "A script has a very long piece without white space; the compiler's limit is not published.",
    "lineTooLong": "A line is very long; the compiler's limit is not published.",
    "tooManyTriggers": "The container has more triggers than it may have, as far as is known.",
    "containerTooLarge": "The container is larger than what can be published, as far as is known.",
    "fileTooLarge": "The file is larger than what can be imported, as far as is known.",
}
"""Every code, and what it means.

Those that Google Tag Manager's compiler has are called as it calls them (Tag Manager API, `CompilerErrorLite`); the
others, about ids, names, pixels, templates, types, sequences, shapes and sizes, are ours.
"""

_WARNINGS = frozenset(
    "containerTooLarge documentWrite fileTooLarge invalidPixelId javascriptTooLong lineTooLong tooManyTriggers "
    "unknownType".split()
)
