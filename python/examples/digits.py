# %% [markdown]
# # Handwritten digits with Percept
# Run this file as it is, or open it in an editor that shows cells (VS Code, Spyder, Jupyter with jupytext).

# %%
import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import GridSearchCV, train_test_split

import percept
from percept import PerceptClassifier

X, y = load_digits(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=0, stratify=y)
print(f"{len(X_train)} digits of {X.shape[1]} pixels to learn from, {len(X_test)} to test with")

# %% [markdown]
# ## Train
# Part of the training data is set aside for validation; training stops when it has not improved for 10 epochs.

# %%
model = PerceptClassifier(hidden_layer_sizes=(64,), epochs=200, validation=0.15, patience=10, dropout=0.1, random_state=0)
model.fit(X_train, y_train)
print(f"{model.n_iter_} epochs, best after {model.best_epoch_ + 1}; test accuracy {model.score(X_test, y_test):.3f}")

# %% [markdown]
# ## Look inside
# The losses of all epochs, the digits that are confused, and the pixels that speak for a digit.

# %%
for epoch in range(0, model.n_iter_, 20):
    print(f"epoch {epoch:3}: loss {model.loss_curve_[epoch]:.3f}, on validation data {model.validation_loss_curve_[epoch]:.3f}")
wrong = np.flatnonzero(model.predict(X_test) != y_test)
for i in wrong[:3]:
    print(f"a {y_test[i]} taken for a {model.predict(X_test[i:i + 1])[0]}, "
          f"with probability {model.predict_proba(X_test[i:i + 1]).max():.2f}")
slopes = model.model_.input_gradient(X_test[:1], output=int(y_test[0]))[0].reshape(8, 8)
print(f"the pixel that matters most for digit {y_test[0]}: {np.unravel_index(np.abs(slopes).argmax(), (8, 8))}")

# %% [markdown]
# ## Is the gradient right?

# %%
check = model.gradcheck(X_train, y_train, examples=10, each=20)
print(f"{check['checked']} derivatives compared with differences of the loss, {check['wrong']} wrong")

# %% [markdown]
# ## Choose settings

# %%
search = GridSearchCV(PerceptClassifier((64,), epochs=30), {"learning_rate": [0.001, 0.01], "dropout": [0, 0.3]}, cv=3)
search.fit(X_train, y_train)
print(f"best: {search.best_params_}, accuracy {search.best_score_:.3f}")

# %% [markdown]
# ## Take it away
# The program `percept` reads the file; so does `percept.load`. The recipe repeats the training to the bit.

# %%
model.model_.save("digits.safetensors")
model.recipe_.save("digits.yaml")
again = percept.load("digits.safetensors")
assert np.array_equal(again.predict_proba(X_test), model.predict_proba(X_test))
result = again.export("digits.c", rows=X_test)
print(f"digits.c and digits.h: {result['rows']} rows compared" + (f" ({result['reason']})" if result["skipped"] else ""))
