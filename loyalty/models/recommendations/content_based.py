"""Content-based recommendations by product name and category: the only method for products with hardly any sales."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from loyalty.columns import Ints, Texts
from loyalty.models.recommendations.interactions import Interactions, Scores, baskets_since, matrix

GRAMS = (2, 4)
CATEGORY_WEIGHT = 0.5
PROFILE_DECAY = 0.95
MIN_NAMED_SHARE = 0.5  # least share of names with two adjacent letters


@dataclass(frozen=True)
class ContentBased:
    """Buyer profiles over product features: the sum of features of a buyer's purchases, older ones weigh less.

    `profiles`: buyers × features; `features`: products × (parts of names, categories), rows of length 1.
    """

    profiles: sparse.csr_matrix
    features: sparse.csr_matrix

    def scores(self, rows: Ints) -> Scores:
        """Shape (rows, products)."""
        return np.asarray((self.profiles[rows] @ self.features.T).toarray(), dtype=np.float32)


def fit_content(data: Interactions) -> ContentBased:
    """TF-IDF of pieces of names (2 to 4 letters, within words) and of categories (Pazzani & Billsus 2007)."""
    features = content_features(data.products, data.categories)
    return ContentBased((matrix(data, PROFILE_DECAY ** baskets_since(data)) @ features).tocsr(), features)


def content_features(names: Texts, categories: Texts) -> sparse.csr_matrix:
    """Rows of length 1, one a product; the category weighs half as much as the name."""
    from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer, TfidfVectorizer

    if not len(names):
        return sparse.csr_matrix((0, 1), dtype=np.float32)
    name_vectorizer = TfidfVectorizer(
        analyzer="char_wb", ngram_range=GRAMS, sublinear_tf=True, dtype=np.float32
    )
    parts = [name_vectorizer.fit_transform([str(name) for name in names])]
    if any(categories):
        category_vectorizer = CountVectorizer(
            analyzer=lambda category: [category] if category else [], dtype=np.float32
        )
        parts.append(
            CATEGORY_WEIGHT * TfidfTransformer().fit_transform(category_vectorizer.fit_transform(categories))
        )
    joined = sparse.hstack(parts).tocsr()
    length = np.sqrt(np.asarray(joined.multiply(joined).sum(axis=1)).ravel())
    return (sparse.diags_array((1.0 / np.maximum(length, 1e-12)).astype(np.float32)) @ joined).tocsr()


def has_descriptive_names(data: Interactions) -> bool:
    """Whether names describe products: at least half contain two adjacent letters, or some category is known."""
    has_letters = [
        any(a.isalpha() and b.isalpha() for a, b in itertools.pairwise(name))
        for name in map(str, data.products)
    ]
    return any(data.categories) or (bool(has_letters) and float(np.mean(has_letters)) >= MIN_NAMED_SHARE)
