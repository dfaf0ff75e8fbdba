"""Rules in words: what a rule-book says, as a sentence in Chinese or English, made from the rule-book itself.

Belongs here: the wording of the grammar. Does not belong here: verdicts and documents (`reports`).
"""

from decimal import Decimal

from models.grammar import (
    AllOf,
    AnyOf,
    Benchmark,
    Cohort,
    Criterion,
    Hits,
    NoneOf,
    Ranked,
    RuleReached,
    Score,
    Weighted,
)
from models.rules import Rule, Rulebook, Step, cohort_of
from models.settings_parts import Dated, Part

WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "below": "{what}低于{line}", "at_most": "{what}不高于{line}", "above": "{what}高于{line}",
        "at_least": "{what}不低于{line}", "bottom": "{what}位于{over}后{line}", "top": "{what}位于{over}前{line}",
        "dated": "{value}（{year} 年起）", "confidence": "，把握不低于 {p}",
        "round_half_up": "（四舍五入到小数点后 {digits} 位）", "round_truncate": "（截尾到小数点后 {digits} 位）",
        "ties_include": "（并列者计入）", "ties_exclude": "（并列使名额超出者不计）", "count": " {count} 名",
        "mean": "{over}平均", "median": "{over}中位数", "pooled": "{over}合计的比率", "series": "各年公布的基准",
        "times": "的 {times} 倍", "plus": "加 {plus}", "all": "全部单位", "same": "同一{names}",
        "numerator": "{what}的分子", "denominator": "{what}的分母",
        "and": "，且", "or": "，或", "none_of": "以下均不成立：{parts}", "hits": "以下至少 {n} 项成立：{parts}",
        "score": "以下计分之和不低于 {n}：{parts}", "points": "{part}（{points} 分）",
        "weighted": "加权和 {parts} {line}", "rule": "规则 {rules} 触发{state}", "reaching": "至“{state}”或以上",
        "minimum": "；最低人数 {n}", "in_a_row": "连续 {hits} 年", "once": "一年", "within": "最近 {of} 年中 {hits} 年",
        "evaluated": "最近 {of} 个评议年中 {hits} 年", "line": "（{line}）", "step": "{years}{line}{leads}{state}",
        "list": "；", "within_brackets": "（{part}）",
    },
    "en": {
        "below": "{what} below {line}", "at_most": "{what} at most {line}", "above": "{what} above {line}",
        "at_least": "{what} at least {line}", "bottom": "{what} in the lowest{line} of {over}",
        "top": "{what} in the highest{line} of {over}",
        "dated": "{value} (from {year})", "confidence": ", with a probability of at least {p}",
        "round_half_up": " (rounded to {digits} digits after the point)",
        "round_truncate": " (cut off after {digits} digits)",
        "ties_include": " (ties included)", "ties_exclude": " (a tie that would exceed it is spared)",
        "count": " {count}", "mean": "the mean of {over}", "median": "the median of {over}",
        "pooled": "the pooled rate of {over}", "series": "the benchmark published for the year",
        "times": " × {times}", "plus": " + {plus}", "all": "all units", "same": "units with the same {names}",
        "numerator": "numerator of the {what}", "denominator": "denominator of the {what}",
        "and": " and ", "or": " or ", "none_of": "none of: {parts}", "hits": "at least {n} of: {parts}",
        "score": "points of at least {n} from: {parts}", "points": "{part} ({points} points)",
        "weighted": "weighted sum {parts} {line}", "rule": "rule {rules} reached{state}",
        "reaching": " “{state}” or beyond",
        "minimum": "; at least {n} persons", "in_a_row": "{hits} years running", "once": "one year",
        "within": "{hits} of the last {of} years", "evaluated": "{hits} of the last {of} evaluated years",
        "line": " ({line})", "step": "{years}{line}{leads}{state}", "list": "; ",
        "within_brackets": "({part})",
    },
}  # fmt: skip


def rule_in_words(rule: Rule, book: Rulebook, lang: str) -> str:
    """The condition of a rule as a sentence, such as "direct employment rate below 60 %"."""
    return Wording(book, lang).condition(rule.when)


def steps_in_words(rule: Rule, book: Rulebook, lang: str, leads: str = " → ") -> str:
    """The steps of a rule, such as "2 years running → reduce; 3 years running → suspend".

    `leads` stands between years and state.
    """
    words = Wording(book, lang)
    return words.text["list"].join(words.step(rule, step, leads) for step in rule.steps)


def figure(value: Decimal | float, *, percent: bool) -> str:
    """A line as people write it: 60 %, 1.5."""
    number = Decimal(str(value)) * 100 if percent else Decimal(str(value))
    return f"{number.normalize():f}" + (" %" if percent else "")


class Wording:
    """The words of one language for one rule-book."""

    def __init__(self, book: Rulebook, lang: str) -> None:
        self.book, self.lang, self.text = book, lang, WORDS["en" if lang == "en" else "zh"]

    def dated(self, number: Dated, *, percent: bool) -> str:
        """A number, with the rounds from which it holds when it changes."""
        if len(number.values) == 1:
            return figure(number.latest, percent=percent)
        said = [self.text["dated"].format(value=figure(v, percent=percent), year=year) for year, v in number.values]
        return self.text["list"].join(said)

    def over(self, over: str | tuple[str, ...]) -> str:
        """The units that are compared."""
        return self.text["all"] if isinstance(over, str) else self.text["same"].format(names="+".join(over))

    def condition(self, condition: Part) -> str:
        """A condition and its parts."""
        match condition:
            case AllOf(all_of=parts):
                return self.joined(parts, "and")
            case AnyOf(any_of=parts):
                return self.joined(parts, "or")
            case NoneOf(none_of=parts):
                return self.text["none_of"].format(parts=self.joined(parts, "list"))
            case Hits(hits=hits):
                return self.text["hits"].format(n=hits.at_least, parts=self.joined(hits.of, "list"))
            case Score(score=score):
                points = [
                    self.text["points"].format(part=self.condition(p.when), points=figure(p.points, percent=False))
                    for p in score.of
                ]
                n = figure(score.at_least, percent=False)
                return self.text["score"].format(n=n, parts=self.text["list"].join(points))
        return self.leaf(condition)

    def leaf(self, leaf: Part) -> str:
        """A part that is set against a line or a history."""
        if isinstance(leaf, Criterion):
            return self.criterion(leaf)
        if isinstance(leaf, Weighted):
            return self.weighted(leaf)
        if isinstance(leaf, RuleReached):
            return self.reached(leaf)
        raise TypeError(type(leaf).__name__)

    def joined(self, parts: tuple[Part, ...], by: str) -> str:
        """Several conditions, joined by a word of the language; "all" and "any" inside them stand in brackets."""
        return self.text[by].join(
            self.text["within_brackets"].format(part=self.condition(part))
            if isinstance(part, AllOf | AnyOf)
            else self.condition(part)
            for part in parts
        )

    def criterion(self, criterion: Criterion) -> str:
        """One comparison with its line, rounding and confidence."""
        indicator = self.book.indicators[criterion.indicator]
        what = indicator.name.in_language(self.lang)
        if criterion.part != "rate":
            what = self.text[criterion.part].format(what=what)
        percent = indicator.in_percent and criterion.part == "rate"
        line, over = self.line(criterion.line, percent), ""
        if isinstance(criterion.line, Ranked):
            over = self.over(criterion.line.over)
        said = self.text[criterion.comparison].format(what=what, line=line, over=over)
        if criterion.round:
            said += self.text[f"round_{criterion.round.how}"].format(digits=criterion.round.digits)
        if criterion.confidence:
            said += self.text["confidence"].format(p=self.dated(criterion.confidence.jeffreys, percent=True))
        own = cohort_of(criterion, self.book)
        if isinstance(criterion.cohort, Cohort) and own is not None:
            said += self.text["minimum"].format(n=self.dated(own.minimum, percent=False))
        return said

    def line(self, line: Dated | Benchmark | Ranked, percent: bool) -> str:
        """What a criterion is compared with."""
        match line:
            case Dated():
                return (
                    f" {self.dated(line, percent=percent)}" if self.lang != "en" else self.dated(line, percent=percent)
                )
            case Ranked():
                size = f" {self.dated(line.share, percent=True)}" if line.share else ""
                return (size or self.text["count"].format(count=line.count)) + self.text[f"ties_{line.ties}"]
            case Benchmark():
                said = self.text[line.benchmark].format(over=self.over(line.over))
                if line.times != 1:
                    said += self.text["times"].format(times=figure(line.times, percent=False))
                if line.plus:
                    said += self.text["plus"].format(plus=figure(line.plus, percent=percent))
                return said

    def weighted(self, condition: Weighted) -> str:
        """A weighted sum with its line."""
        spec = condition.weighted
        parts = " + ".join(
            f"{figure(item.weight, percent=False)} × {self.book.indicators[item.indicator].name.in_language(self.lang)}"
            for item in spec.of
        )
        line = self.text[spec.comparison].format(what="", line=self.dated(spec.line, percent=False)).strip()
        return self.text["weighted"].format(parts=parts, line=line)

    def reached(self, condition: RuleReached) -> str:
        """The history of other rules."""
        names = self.text["or"].join(self.book.rule(name).name.in_language(self.lang) for name in condition.rule)
        state = ""
        if condition.reaching:
            named = self.book.state(condition.reaching).name.in_language(self.lang)
            state = self.text["reaching"].format(state=named)
        return self.text["rule"].format(rules=names, state=state)

    def step(self, rule: Rule, step: Step, leads: str) -> str:
        """How many years lead to which state."""
        if step.of is not None and step.of > 1:
            years = self.text["within" if rule.window == "calendar" else "evaluated"]
        else:
            years = self.text["once" if step.hits == 1 else "in_a_row"]
        line = ""
        if step.line is not None and isinstance(rule.when, Criterion):
            percent = self.book.indicators[rule.when.indicator].in_percent and rule.when.part == "rate"
            line = self.text["line"].format(line=self.dated(step.line, percent=percent))
        state = self.book.state(step.state).name.in_language(self.lang)
        return self.text["step"].format(
            years=years.format(hits=step.hits, of=step.of), line=line, leads=leads, state=state
        )
