/* Row `row` of the direction, before it is made orthogonal: moves the momentum, and returns the row's sum of squares. */
double REAL(muon_direction)(const MuonTensor *tensor, size_t row, void *X);

/* X ← factor X, in row `row`. */
void REAL(muon_scale)(const MuonTensor *tensor, size_t row, void *X, double factor);

/* W ← kept W - rate X, in row `row` of X. */
void REAL(muon_move)(const MuonTensor *tensor, size_t row, const void *X);
