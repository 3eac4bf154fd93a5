"""Code -> the lines of a column."""

import ast
import re
import warnings
from itertools import pairwise

import pytest
from abreast.align import physical_lines
from abreast.align.units import statement_lines
from abreast.slides.code import set_code
from abreast.slides.metrics import mono_width
from hypothesis import given, settings
from hypothesis import strategies as st

MARK = "↪ "


def every(source):
    return [range(1, source.removesuffix("\n").count("\n") + 2)]


def marked(line):
    return " " * line.indent + MARK + line.text if line.soft else line.text


def shown(source, width, language="python", pieces=None, *, pack=False):
    """Return what a slide shows: soft lines with their marks, pieces parted by a rule."""
    found = set_code(source, language, pieces or every(source), width, pack=pack)
    texts = [[marked(line).rstrip() for line in piece] for piece in found]
    return "\n---\n".join("\n".join(piece) for piece in texts) + "\n"


def joined(pieces):
    """Return the text of lines, each with its soft lines."""
    return "".join(("" if line.soft else "\n") + line.text for p in pieces for line in p)[1:]


def tree(source):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.dump(ast.parse(source))


def squeezed(text):
    return "".join(text.split())


# Each looked at: would a careful person have broken it so?
LOOKED_AT = [
    pytest.param(
        """\
result = some.function_name(first_argument, second_argument, third=[1, 2, 3], fourth=None)
trainer = d2l.Trainer(max_epochs=10, num_gpus=1, gradient_clip_val=1)
""",
        47,
        {},
        """\
result = some.function_name(first_argument,
    second_argument, third=[1, 2, 3],
    fourth=None)
trainer = d2l.Trainer(max_epochs=10,
    num_gpus=1, gradient_clip_val=1)
""",
        id="long call",
    ),
    pytest.param(
        """\
x, y = d2l.meshgrid(d2l.linspace(-1.0, 1.0, 101), d2l.linspace(-1.0, 1.0, 101))
optimizer = torch.optim.SGD([{'params': net.weight, 'weight_decay': wd}, {'params': net.bias}], lr=lr)
model.apply_init([next(iter(data.get_dataloader(True)))[0]], d2l.init_cnn)
""",
        47,
        {},
        """\
x, y = d2l.meshgrid(
    d2l.linspace(-1.0, 1.0, 101),
    d2l.linspace(-1.0, 1.0, 101))
optimizer = torch.optim.SGD([
    {'params': net.weight, 'weight_decay': wd},
    {'params': net.bias}], lr=lr)
model.apply_init(
    [next(iter(data.get_dataloader(True)))[0]],
    d2l.init_cnn)
""",
        id="nested",
    ),
    pytest.param(
        """\
pairs = [(a, b) for a, b in zip(first_list, second_list) if a is not None]
lookup = {token: index for index, token in enumerate(vocabulary) if counts[token] > minimum}
""",
        47,
        {},
        """\
pairs = [(a, b)
    for a, b in zip(first_list, second_list)
    if a is not None]
lookup = {token: index
    for index, token in enumerate(vocabulary)
    if counts[token] > minimum}
""",
        id="comprehensions",
    ),
    pytest.param(
        """\
summary = frame.groupby('device').agg({'time': 'median'}).reset_index().sort_values('time')
loss = gluon.loss.SoftmaxCrossEntropyLoss(sparse_label=True)
(frame
 .groupby('device')
 .agg({'time': 'median', 'memory': 'max', 'loss': 'last'})
 .sort_values('time'))
""",
        47,
        {},
        """\
summary = frame.groupby('device') \\
    .agg({'time': 'median'}).reset_index() \\
    .sort_values('time')
loss = gluon.loss.SoftmaxCrossEntropyLoss(
    sparse_label=True)
(frame
 .groupby('device')
 .agg({'time': 'median', 'memory': 'max',
     'loss': 'last'})
 .sort_values('time'))
""",
        id="chains",
    ),
    pytest.param(
        """\
def train_epoch(net, train_iter, loss, updater, device=None, verbose=True):
    if net.training and isinstance(updater, torch.optim.Optimizer):
        pass
    with open(os.path.join(folder, name)) as source, open(target, 'w') as out:
        pass
    for name, parameter in itertools.chain(net.named_parameters(), net.named_buffers()):
        pass
""",
        47,
        {},
        """\
def train_epoch(net, train_iter, loss, updater,
        device=None, verbose=True):
    if net.training and isinstance(updater,
            torch.optim.Optimizer):
        pass
    with open(os.path.join(
                folder, name)) as source, \\
            open(target, 'w') as out:
        pass
    for name, parameter in itertools.chain(
            net.named_parameters(),
            net.named_buffers()):
        pass
""",
        id="headers",
    ),
    pytest.param(
        """\
from torchvision.models import resnet18, resnet50, alexnet, vgg16
total = weight_of_the_first + value_of_the_first + weight_of_the_second
device = torch.device('cuda') if torch.cuda.is_available() else 'cpu'
self.attention_weights = self.attention.attention_weights
conf, predicted = conf[all_id_sorted], predicted[all_id_sorted]
if hasattr(self, 'x') and isinstance(y, torch.Tensor) and z:
    pass
""",
        47,
        {},
        """\
from torchvision.models import resnet18, \\
    resnet50, alexnet, vgg16
total = weight_of_the_first \\
    + value_of_the_first + weight_of_the_second
device = torch.device('cuda') \\
    if torch.cuda.is_available() else 'cpu'
self.attention_weights = \\
    self.attention.attention_weights
conf, predicted = conf[all_id_sorted], \\
    predicted[all_id_sorted]
if hasattr(self, 'x') \\
        and isinstance(y, torch.Tensor) and z:
    pass
""",
        id="outside brackets",
    ),
    pytest.param(
        """\
settings = {'learning_rate': 0.1, 'momentum': 0.9, 'weight_decay': 1e-4}
settings = {
    'learning_rate': 0.1,
    'schedule': cosine_with_warm_up(steps=1000, warm_up=100),
    'momentum': 0.9,
    'nesterov': True,
}
""",
        47,
        {},
        """\
settings = {'learning_rate': 0.1,
    'momentum': 0.9, 'weight_decay': 1e-4}
settings = {
    'learning_rate': 0.1,
    'schedule': cosine_with_warm_up(steps=1000,
        warm_up=100),
    'momentum': 0.9, 'nesterov': True,
}
""",
        id="dict",
    ),
    pytest.param(
        """\
print(f'loss {metric[0] / metric[2]:.3f}, train acc {metric[1] / metric[2]:.3f}')
raise ValueError('the first of two literals ' 'and the second of them')
url = 'https://example.org/a/very/long/address/without/any/space/in/it.zip'
label = ax.set_title('a title that fits a line', fontsize=12)
""",
        47,
        {},
        """\
print(f'loss {metric[0] / metric[2]:.3f},
  ↪ train acc {metric[1] / metric[2]:.3f}')
raise ValueError('the first of two literals '
    'and the second of them')
url = 'https://example.org/a/very/long/address/
  ↪ without/any/space/in/it.zip'
label = ax.set_title(
    'a title that fits a line', fontsize=12)
""",
        id="strings",
    ),
    pytest.param(
        '''\
def f(x):
    """Return something rather long on the first line of the docstring.

    More text that is longer than the width of the column, certainly.


    Two blank lines above stay.
    """
    return x
''',
        47,
        {},
        '''\
def f(x):
    """Return something rather long on the
      ↪ first line of the docstring.

    More text that is longer than the width of
      ↪ the column, certainly.


    Two blank lines above stay.
    """
    return x
''',
        id="docstring",
    ),
    pytest.param(
        """\
# We will initialize the network inside the training loop, and not here; this is
# the second line of the paragraph
# - a bullet that is too long to fit the column of the slide
# x = some_code(that, was, commented, out, and_is, too_long)
# ------------------------------------------------------------
# noqa: this one is for a tool, and not for a reader of slides
#
# Short.
x = 1
""",
        47,
        {},
        """\
# We will initialize the network inside the
# training loop, and not here; this is the
# second line of the paragraph
# - a bullet that is too long to fit the column
#   of the slide
# x = some_code(that, was, commented, out,
  ↪ and_is, too_long)
# ---------------------------------------------
  ↪ ---------------
# noqa: this one is for a tool, and not for a
  ↪ reader of slides
#
# Short.
x = 1
""",
        id="comments",
    ),
    pytest.param(
        """\
loss = loss_fn(net(images), labels)  # mean over the batch
net = nn.Sequential(
    nn.Conv2d(1, 96, kernel_size=11, stride=4),  # large windows first
    nn.ReLU(),  # short
    nn.MaxPool2d(kernel_size=3, stride=2, ceil_mode=True),  # halves
)
x = 1  # type: ignore[some-code, another-code] and so on
""",
        47,
        {},
        """\
# mean over the batch
loss = loss_fn(net(images), labels)
net = nn.Sequential(
    # large windows first
    nn.Conv2d(1, 96, kernel_size=11, stride=4),
    nn.ReLU(),  # short
    # halves
    nn.MaxPool2d(kernel_size=3, stride=2,
        ceil_mode=True),
)
x = 1  # type: ignore[some-code, another-code]
  ↪ and so on
""",
        id="trailing comments",
    ),
    pytest.param(
        """\
%matplotlib inline
!pip install --quiet torch==2.1.0 torchvision==0.16.0
files = !ls /a/very/long/directory/with/many/files
%timeit train_one_epoch(net, loader, loss_fn, optimizer)
plot(first_argument, second_argument, third_argument)
""",
        47,
        {},
        """\
%matplotlib inline
!pip install --quiet torch==2.1.0
  ↪ torchvision==0.16.0
files = !ls /a/very/long/directory/with/many/fi
  ↪ les
%timeit train_one_epoch(net, loader, loss_fn,
  ↪ optimizer)
plot(first_argument, second_argument,
    third_argument)
""",
        id="magics",
    ),
    pytest.param(
        """\
%%bash
for f in *.py; do echo "a long message on $f, and (more)"; done
""",
        47,
        {},
        """\
%%bash
for f in *.py; do echo "a long message on $f,
  ↪ and (more)"; done
""",
        id="cell magic",
    ),
    pytest.param(
        """\
print("训练轮次", epoch, "损失值是", loss_value, "准确率", accuracy)
# 这是一个很长的中文注释，用来说明下面的代码到底在做什么，以及为什么
s = "🎉🎉🎉 done 👨‍👩‍👧‍👦 family emoji 👍🏽 and flags 🇩🇪🇫🇷 everywhere in a string"
""",
        34,
        {},
        """\
print("训练轮次", epoch,
    "损失值是", loss_value,
    "准确率", accuracy)
# 这是一个很长的中文注释，用来说明
# 下面的代码到底在做什么，以及为什
# 么
s = "🎉🎉🎉 done 👨‍👩‍👧‍👦 family emoji
  ↪ 👍🏽 and flags 🇩🇪🇫🇷 everywhere
  ↪ in a string"
""",
        id="cjk",
    ),
    pytest.param(
        """\
model <- keras_model_sequential() %>% layer_dense(units = 256, activation = "relu") %>% layer_dense(10)
#' Fit the model on the training data with a held-out part
history <- fit(model, x_train, y_train, epochs = 30, batch_size = 128)
f <- function(x, y = 2, some_other_argument = NULL, verbose) {
  if (x[[1]] > 0) y
}
""",
        47,
        {"language": "r"},
        """\
model <- keras_model_sequential() %>%
    layer_dense(units = 256,
    activation = "relu") %>% layer_dense(10)
#' Fit the model on the training data with a
#' held-out part
history <- fit(model, x_train, y_train,
    epochs = 30, batch_size = 128)
f <- function(x, y = 2,
        some_other_argument = NULL, verbose) {
  if (x[[1]] > 0) y
}
""",
        id="r",
    ),
    pytest.param(
        """\
model = Chain(Conv((11, 11), 3 => 96, stride = 4, relu), MaxPool((3, 3), stride = 2))
A = [1.0 2.0 3.0 4.0 5.0 6.0 7.0 8.0; 9.0 10.0 11.0 12.0]
y = sum(abs2, w .- y) / length(y) + lambda * sum(abs2, weights)
println("loss: $(round(loss(x, y), digits = 3)) after $(epoch) epochs")
""",
        47,
        {"language": "julia"},
        """\
model = Chain(
    Conv((11, 11), 3 => 96, stride = 4, relu),
    MaxPool((3, 3), stride = 2))
A = [1.0 2.0 3.0 4.0 5.0 6.0 7.0 8.0; 9.0 10.0
  ↪ 11.0 12.0]
y = sum(abs2, w .- y) / length(y) +
    lambda * sum(abs2, weights)
println("loss: $(round(loss(x, y), digits =
  ↪ 3)) after $(epoch) epochs")
""",
        id="julia",
    ),
    pytest.param(
        """\
const model = tf.sequential({layers: [tf.layers.dense({units: 256, inputShape: [784]})]});
items.forEach((item, index) => {
  console.log(`item ${index} of ${items.length}: ${item.name}`, item);
});
if (firstCondition(a, b) && secondCondition(c, d) && thirdCondition(e)) {
  go();  // and a comment that is too long to stay here
}
""",
        47,
        {"language": "javascript"},
        """\
const model = tf.sequential({layers: [
    tf.layers.dense({units: 256,
        inputShape: [784]})]});
items.forEach((item, index) => {
  console.log(`item ${index} of
    ↪ ${items.length}: ${item.name}`, item);
});
if (firstCondition(a, b) &&
        secondCondition(c, d) &&
        thirdCondition(e)) {
  // and a comment that is too long to stay
  // here
  go();
}
""",
        id="javascript",
    ),
    pytest.param(
        """\
pip install torch --index-url https://download.pytorch.org/whl/cpu
# a comment (of the shell, say) that is longer than the column is wide
""",
        47,
        {"language": "bash"},
        """\
pip install torch --index-url
  ↪ https://download.pytorch.org/whl/cpu
# a comment (of the shell, say) that is longer
  ↪ than the column is wide
""",
        id="bash",
    ),
    pytest.param(
        """\
x = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
""",
        34,
        {},
        """\
x = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbb
  ↪ bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
  ↪ bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
  ↪ b"
""",
        id="word",
    ),
    pytest.param(
        """\
self.net = nn.Sequential(
    nn.Conv2d(1, 96, 11, stride=4), nn.ReLU(),
    nn.LazyConv2d(256, kernel_size=5, padding=2), nn.ReLU(),
    nn.LazyLinear(num_classes))
""",
        34,
        {"pieces": [[1], [2], [3], [4]]},
        """\
self.net = nn.Sequential(
---
    nn.Conv2d(1, 96, 11,
        stride=4), nn.ReLU(),
---
    nn.LazyConv2d(256,
        kernel_size=5, padding=2),
    nn.ReLU(),
---
    nn.LazyLinear(num_classes))
""",
        id="elements 34",
    ),
    pytest.param(
        """\
self.net = nn.Sequential(
    nn.Conv2d(1, 96, 11, stride=4), nn.ReLU(),
    nn.LazyConv2d(256, kernel_size=5, padding=2), nn.ReLU(),
    nn.LazyLinear(num_classes))
""",
        47,
        {"pieces": [[1], [2], [3], [4]]},
        """\
self.net = nn.Sequential(
---
    nn.Conv2d(1, 96, 11, stride=4), nn.ReLU(),
---
    nn.LazyConv2d(256, kernel_size=5,
        padding=2), nn.ReLU(),
---
    nn.LazyLinear(num_classes))
""",
        id="elements 47",
    ),
    pytest.param(
        """\
net = tf.keras.Sequential([tf.keras.layers.Conv2D(filters=96, kernel_size=11,
                                                  activation='relu'),
                           tf.keras.layers.MaxPool2D(pool_size=3, strides=2),
                           tf.keras.layers.Dense(10)])
""",
        47,
        {"pieces": [[1, 2], [3], [4]]},
        """\
net = tf.keras.Sequential([
    tf.keras.layers.Conv2D(filters=96,
        kernel_size=11, activation='relu'),
---
    tf.keras.layers.MaxPool2D(pool_size=3,
        strides=2),
---
    tf.keras.layers.Dense(10)])
""",
        id="aligned",
    ),
    pytest.param(
        """\
anchors = d2l.tensor([[0.1, 0.08, 0.52, 0.92], [0.08, 0.2, 0.56, 0.95],
                      [0.15, 0.3, 0.62, 0.91], [0.55, 0.2, 0.9, 0.88]])
""",
        47,
        {},
        """\
anchors = d2l.tensor([[0.1, 0.08, 0.52, 0.92],
    [0.08, 0.2, 0.56, 0.95],
    [0.15, 0.3, 0.62, 0.91],
    [0.55, 0.2, 0.9, 0.88]])
""",
        id="matrix",
    ),
    pytest.param(
        """\
self.blks.add_module(name, TransformerBlock(
    num_hiddens, ffn_num_hiddens, num_heads, dropout, use_bias,
    normalise, activation))
""",
        47,
        {},
        """\
self.blks.add_module(name, TransformerBlock(
    num_hiddens, ffn_num_hiddens, num_heads,
    dropout, use_bias, normalise, activation))
""",
        id="reflow",
    ),
    pytest.param(
        """\
trainer = d2l.Trainer(
    max_epochs=10,
    num_gpus=1,
)
model = AlexNet(
    lr=0.01,
    num_classes=10
)
net = nn.Sequential(
    nn.Linear(4, 5),
    nn.ReLU(),
    nn.Linear(5, 6),
    nn.Sequential(
        nn.Linear(1, 2),
        nn.ReLU()
    ),
    nn.Softmax(),
)
K = [
    [1, 2, 3],
    [4, 5, 6],
]
settings = {
    'lr': 0.1,
    'momentum': 0.9,  # usual
    'wd': 1e-4,
}
""",
        47,
        {"pack": True},
        """\
trainer = d2l.Trainer(
    max_epochs=10, num_gpus=1,
)
model = AlexNet(lr=0.01, num_classes=10)
net = nn.Sequential(
    nn.Linear(4, 5), nn.ReLU(),
    nn.Linear(5, 6),
    nn.Sequential(nn.Linear(1, 2), nn.ReLU()),
    nn.Softmax(),
)
K = [
    [1, 2, 3],
    [4, 5, 6],
]
settings = {
    'lr': 0.1,
    'momentum': 0.9,  # usual
    'wd': 1e-4,
}
""",
        id="pack",
    ),
    pytest.param(
        """\
net = nn.Sequential(
    nn.Linear(4, 5),
    nn.ReLU(),
    nn.Linear(5, 6),
)
""",
        47,
        {"pieces": [[1], [2], [3, 4], [5]], "pack": True},
        """\
net = nn.Sequential(
---
    nn.Linear(4, 5),
---
    nn.ReLU(), nn.Linear(5, 6),
---
)
""",
        id="pack pieces",
    ),
]


@pytest.mark.parametrize(("source", "width", "options", "expected"), LOOKED_AT)
def test_code_is_broken_as_a_careful_person_would(source, width, options, expected):
    assert shown(source, width, **options) == expected
    found = set_code(source, options.get("language", "python"), every(source), width)
    assert all(mono_width(marked(line)) <= width for piece in found for line in piece)


# Generated programs: expressions as an author may have laid them out over lines.

NAMES = st.sampled_from(["x", "net", "self.layers", "learning_rate", "d2l", "größe", "数据", "_"])
ATOMS = st.one_of(
    NAMES,
    st.sampled_from(["1", "0.5", "None", "...", "-x", "not net", "await x", "x[:, 0]", "()"]),
    st.sampled_from(["'relu'", '"a longer text, with (brackets"', "f'{x:.3f} of {len(net)}'"]),
    st.sampled_from(["b'raw'", "'损失值 🎉'", "'one' 'two'", "r'\\d'", "'''x\n    y'''"]),
)


def bracketed(draw, opening, elements, closing, indent):
    """Lay out elements as authors do; `indent` are the columns before the statement."""
    inner = "\n" + " " * (indent + 4)
    layouts = {
        "one line": f"{opening}{', '.join(elements)}{closing}",
        "spread": f"{opening}{inner}{(',' + inner).join(elements)},\n{' ' * indent}{closing}",
        "hanging": f"{opening}{inner}{', '.join(elements)}{closing}",
        "aligned": f"{opening}{(',' + inner + '   ').join(elements)}{closing}",
        "comments": f"{opening}{(',  # why it is so' + inner).join(elements)}{closing}",
    }
    return layouts[draw(st.sampled_from(sorted(layouts))) if elements else "one line"]


def call(draw, inner, indent):
    words = st.lists(st.sampled_from(["lr", "padding", "num_epochs"]), unique=True, max_size=2)
    elements = draw(st.lists(inner, max_size=4)) + [f"{w}={draw(inner)}" for w in draw(words)]
    function = draw(st.sampled_from(["f", "nn.Conv2d", "d2l.Trainer", "net.fit(x).apply"]))
    return bracketed(draw, function + "(", elements, ")", indent)


def literal(draw, inner, indent):
    elements = draw(st.lists(inner, max_size=4))
    if draw(st.booleans()):
        return bracketed(draw, "[", elements, "]", indent)
    return bracketed(draw, "{", [f"'key': {value}" for value in elements], "}", indent)


def operation(draw, inner, indent):
    operator = draw(st.sampled_from(["+", "*", "and", "or", "==", "not in", "@", "**"]))
    return f"({draw(inner)}) {operator} ({draw(inner)})"


def scoped(draw, inner, indent):
    one, two = draw(inner), draw(inner)
    return draw(
        st.sampled_from(
            [
                f"[{one} for a, b in ({two}) if (x)]",
                f"(lambda a, *b: {one})",
                f"({one} if x else {two})",
            ]
        )
    )


@st.composite
def expressions(draw, indent=0, depth=3):
    if depth == 0 or draw(st.integers(0, 3)) == 0:
        return draw(ATOMS)
    inner = expressions(indent=indent, depth=depth - 1)
    return draw(st.sampled_from([call, call, literal, operation, scoped]))(draw, inner, indent)


@st.composite
def statements(draw, indent=0):
    if indent < 8 and draw(st.integers(0, 4)) == 0:
        head = draw(st.sampled_from(["if (v):", "for a, b in (v):", "def f(a=v):", "with f(v):"]))
        body = draw(st.lists(statements(indent=indent + 4), min_size=1, max_size=3))
        head = head.replace("v", draw(expressions(indent=indent)))
        return "\n".join([" " * indent + head, *body, " " * indent + "    pass"])
    value, text = draw(expressions(indent=indent)), draw(st.text("ab c,.é数", max_size=90))
    written = draw(
        st.sampled_from(
            [
                f"{draw(NAMES)} = {value}",
                f"{draw(NAMES)} = {value}",
                f"# {text}".strip(),
                f"x = {draw(NAMES)}  # {text}".strip(),
                f'"""{text}\n\n\n  more {value!r}"""',
                "from some.module import first, second_name, third_and_last as last\n",
                f"{value} + \\\n{' ' * indent}    {draw(NAMES)}; x = 1",
            ]
        )
    )
    return " " * indent + written


def parses(source):
    try:
        return bool(tree(source))
    except SyntaxError:
        return False


PROGRAMS = st.lists(statements(), min_size=1, max_size=4).map("\n".join).filter(parses)
WIDTHS = st.integers(20, 96)


@st.composite
def cut_programs(draw):
    """Return a program in units, or in pieces that are cut anywhere."""
    source = draw(PROGRAMS)
    if draw(st.booleans()):
        return source, statement_lines(source)
    count = len(physical_lines(source))
    cuts = sorted({0, count, *draw(st.lists(st.integers(0, count), max_size=3))})
    return source, [range(a + 1, b + 1) for a, b in pairwise(cuts)]


@settings(max_examples=300)
@given(cut_programs(), WIDTHS, st.booleans())
def test_a_program_stays_the_same_program_in_lines_that_fit(program, width, pack):
    source, pieces = program
    found = set_code(source, "python", pieces, width, pack=pack)
    assert len(found) == len(pieces)
    assert tree(joined(found)) == tree("\n".join(line.rstrip() for line in source.split("\n")))
    for piece, lines in zip(pieces, found, strict=True):
        assert all(mono_width(marked(line)) <= width for line in lines)
        numbers = [line.number for line in lines]
        assert numbers == sorted(numbers)
        assert set(numbers) <= set(piece)
        assert not lines or not lines[0].soft
    comments = [re.findall(r"#.*", text) for text in (source, joined(found))]
    words = [squeezed("".join(text)).replace("#", "") for text in comments]
    assert sorted(words[0]) == sorted(words[1]) or "'" in source


@settings(max_examples=100)
@given(cut_programs(), WIDTHS)
def test_packing_never_takes_more_lines(program, width):
    source, pieces = program
    plain = set_code(source, "python", pieces, width)
    packed = set_code(source, "python", pieces, width, pack=True)
    assert all(len(two) <= len(one) for one, two in zip(plain, packed, strict=True))


def filled(words, used, width):
    """Return how many lines words fill, the first of which is used up to a column."""
    lines = 1
    for size in map(len, words):
        lines += used + 1 + size > width
        used = 4 + size if used + 1 + size > width else used + 1 + size
    return lines


@settings(max_examples=100)
@given(
    st.lists(st.sampled_from(["x", "nn.ReLU()", "pad", "'a b'"]), min_size=2), st.integers(30, 96)
)
def test_arguments_take_the_fewest_lines(arguments, width):
    words = [f"{argument}," for argument in arguments[:-1]] + [arguments[-1] + ")"]
    source = f"function({' '.join(words)}"
    (lines,) = set_code(source, "python", [[1]], width)
    assert joined([lines]).replace("\n    ", " ").replace("( ", "(") == source
    assert len(lines) == min(filled(words, 8, width), 1 + filled(words, 3, width))


@settings(max_examples=200)
@given(
    st.text(alphabet="ab ()[]{}'\"\n#,=%!\\:;.+`$\t漢🎉é/*", max_size=80),
    st.sampled_from(["python", "r", "julia", "javascript", "bash", "text", "no such language"]),
    st.integers(8, 40),
    st.booleans(),
)
def test_any_text_in_any_language_fits_and_loses_nothing(source, language, width, pack):
    pieces = every(source) if source else []
    found = set_code(source, language, pieces, width, pack=pack)
    for line in (line for piece in found for line in piece):
        assert mono_width(marked(line)) <= width
    if not any(mark in source for mark in ("#", "//", "\\")):
        assert squeezed(joined(found)).replace("\\", "") == squeezed(source)


@settings(max_examples=100)
@given(st.text(alphabet="ab é漢🎉👍🏽e\u0301", max_size=120), st.integers(8, 40))
def test_soft_lines_joined_are_the_line_and_never_cut_a_grapheme(line, width):
    source = "echo '" + line + "'"
    (lines,) = set_code(source, "bash", [[1]], width)
    assert "".join(line.text for line in lines) == source
    assert all(line.soft for line in lines[1:])
    assert not any(line.text.startswith(("\u0301", "🏽")) for line in lines)


def test_lines_that_fit_are_the_authors():
    source = "def f(a,\n      b):\n\tx = [1,2]   \n\n\n\n\treturn  x  # why\n"
    assert shown(source, 40) == "def f(a,\n      b):\n    x = [1,2]\n\n    return  x  # why\n"


def test_blank_lines_at_the_edges_of_a_piece_are_dropped():
    source = "\n\nx = 1\n\n\ny = 2\n\n"
    assert shown(source, 40, pieces=[[1, 2, 3, 4, 5], [6], [], [7]]) == (
        "x = 1\n---\ny = 2\n---\n\n---\n\n"
    )


def test_numbers_are_of_the_lines_that_text_begins_in():
    source = "f(first_argument, second_argument,\n  third, fourth)  # a comment\n"
    (lines,) = set_code(source, "python", [[1, 2]], 24)
    assert [(line.text, line.number) for line in lines] == [
        ("f(first_argument,", 1),
        ("  second_argument,", 1),
        ("  # a comment", 2),
        ("  third, fourth)", 2),
    ]


def test_what_would_be_another_program_is_only_broken_softly(monkeypatch):
    source = "x = f(first_argument, second_argument)\ny = g(first_argument, second_argument)"
    right = set_code(source, "python", [[1], [2]], 30)
    spoiled = [(), right[1]]
    monkeypatch.setattr("abreast.slides.code.column.set_pieces", lambda *_: spoiled)
    assert shown(source, 30, pieces=[[1], [2]]) == (
        "x = f(first_argument,\n  ↪ second_argument)\n---\n"
        "y = g(first_argument,\n    second_argument)\n"
    )


def test_pieces_may_leave_lines_out():
    source = (
        "net = Sequential(\n    Linear(784, 256, bias=False),\n    ReLU(),\n    Linear(256, 10))\n"
    )
    assert shown(source, 30, pieces=[[2], [4]]) == (
        "    Linear(784, 256,\n        bias=False),\n---\n    Linear(256, 10))\n"
    )


def test_nothing_moves_across_pieces_or_comments():
    source = "f(aaaaaaaaaaaaaaaaaaaa, bbbbbbbb,\n  c,\n  # said of d\n  d,\n  e)\n"
    assert shown(source, 26, pieces=[[1], [2, 3, 4, 5]]) == (
        "f(aaaaaaaaaaaaaaaaaaaa,\n  bbbbbbbb,\n---\n  c,\n  # said of d\n  d,\n  e)\n"
    )
