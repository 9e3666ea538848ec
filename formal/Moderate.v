(* Which functions are moderate. *)
From Coq Require Import Reals Lra Psatz.
From Coquelicot Require Import Rcomplements.
From Contrast Require Import Plane.
Open Scope R_scope.

Lemma size_ge_0 x : 0 <= size x.
Proof. unfold size. pose proof (Rabs_pos (fst x)). pose proof (Rabs_pos (snd x)). lra. Qed.

Lemma dot_size a x : Rabs (dot a x) <= size a * size x.
Proof.
  unfold dot, size. eapply Rle_trans; [apply Rabs_triang|]. rewrite !Rabs_mult.
  pose proof (Rabs_pos (fst a)). pose proof (Rabs_pos (snd a)).
  pose proof (Rabs_pos (fst x)). pose proof (Rabs_pos (snd x)). nra.
Qed.

Lemma dot_minus a x y : dot a (minus x y) = dot a x - dot a y.
Proof. unfold dot, minus; simpl; ring. Qed.

Lemma exp_ge_1 t : 0 <= t -> 1 <= exp t.
Proof. intros H. pose proof (exp_ineq1_le t). lra. Qed.

Lemma exp_le s t : s <= t -> exp s <= exp t.
Proof. intros [H| ->]; [left; apply exp_increasing; exact H|right; reflexivity]. Qed.

(* A bound with larger constants. *)
Lemma wider C D a b s t : 0 <= C <= D -> 0 <= s -> a <= b -> 0 <= t ->
  C * exp (a * s) * t <= D * exp (b * s) * t.
Proof.
  intros HC Hs Hab Ht. apply Rmult_le_compat_r; [exact Ht|].
  apply Rmult_le_compat; [lra|left; apply exp_pos|lra|apply exp_le; nra].
Qed.

Lemma moderate_ext f g : (forall x, f x = g x) -> moderate f -> moderate g.
Proof.
  intros H (C & a & HC & Ha & Hf). exists C, a. repeat split; try assumption.
  intros x y. rewrite <- !H. apply Hf.
Qed.

Lemma moderate_const c : moderate (fun _ => c).
Proof.
  exists 0, 0. repeat split; try lra. intros x y. replace (c - c) with 0 by ring. rewrite Rabs_R0. lra.
Qed.

Lemma moderate_dot a : moderate (dot a).
Proof.
  exists (size a), 0. pose proof (size_ge_0 a). repeat split; try lra.
  intros x y. rewrite <- dot_minus, Rmult_0_l, exp_0, Rmult_1_r. apply dot_size.
Qed.

Lemma moderate_plus f g : moderate f -> moderate g -> moderate (fun x => f x + g x).
Proof.
  intros (C & a & HC & Ha & Hf) (D & b & HD & Hb & Hg). exists (C + D), (a + b). repeat split; try lra.
  intros x y. pose proof (Hf x y) as H1. pose proof (Hg x y) as H2.
  pose proof (size_ge_0 x) as Sx. pose proof (size_ge_0 y) as Sy. pose proof (size_ge_0 (minus x y)) as Sd.
  replace (f x + g x - (f y + g y)) with ((f x - f y) + (g x - g y)) by ring.
  eapply Rle_trans; [apply Rabs_triang|].
  assert (K1 : C * exp (a * (size x + size y)) * size (minus x y) <= C * exp ((a + b) * (size x + size y)) * size (minus x y)) by (apply wider; lra).
  assert (K2 : D * exp (b * (size x + size y)) * size (minus x y) <= D * exp ((a + b) * (size x + size y)) * size (minus x y)) by (apply wider; lra).
  lra.
Qed.

Lemma moderate_lipschitz phi f : (forall s t, Rabs (phi s - phi t) <= Rabs (s - t)) ->
  moderate f -> moderate (fun x => phi (f x)).
Proof.
  intros H (C & a & HC & Ha & Hf). exists C, a. repeat split; try assumption.
  intros x y. eapply Rle_trans; [apply H|apply Hf].
Qed.

Lemma growth f : moderate f -> exists K k, 0 <= K /\ 0 <= k /\ forall x, Rabs (f x) <= K * exp (k * size x).
Proof.
  intros (C & a & HC & Ha & Hf). exists (Rabs (f (0, 0)) + C), (a + 1).
  pose proof (Rabs_pos (f (0, 0))) as H0. repeat split; try lra. intros x.
  specialize (Hf x (0, 0)). unfold minus in Hf; simpl in Hf.
  replace (size (0, 0)) with 0 in Hf by (unfold size; simpl; rewrite Rabs_R0; ring).
  replace (fst x - 0, snd x - 0) with x in Hf by (destruct x; simpl; f_equal; ring).
  rewrite Rplus_0_r in Hf. pose proof (size_ge_0 x) as Sx.
  assert (H1 : Rabs (f x) <= Rabs (f (0, 0)) + Rabs (f x - f (0, 0))).
  { replace (f x) with (f (0, 0) + (f x - f (0, 0))) at 1 by ring. apply Rabs_triang. }
  replace ((a + 1) * size x) with (a * size x + size x) by ring. rewrite exp_plus.
  pose proof (exp_ge_1 (a * size x) ltac:(nra)) as E1.
  pose proof (exp_ineq1_le (size x)) as E2.
  assert (P : C * exp (a * size x) * size x <= C * (exp (a * size x) * exp (size x))).
  { rewrite Rmult_assoc. apply Rmult_le_compat_l; [exact HC|]. apply Rmult_le_compat_l; lra. }
  assert (Q : 1 <= exp (a * size x) * exp (size x)) by nra.
  nra.
Qed.

Lemma moderate_mult f g : moderate f -> moderate g -> moderate (fun x => f x * g x).
Proof.
  intros Mf Mg. destruct (growth f Mf) as (K & k & HK & Hk & Gf). destruct (growth g Mg) as (J & j & HJ & Hj & Gg).
  destruct Mf as (C & a & HC & Ha & Hf). destruct Mg as (D & b & HD & Hb & Hg).
  exists (K * D + J * C), (k + b + j + a). repeat split; try nra.
  intros x y. pose proof (Hf x y) as H1. pose proof (Hg x y) as H2.
  pose proof (size_ge_0 x) as Sx. pose proof (size_ge_0 y) as Sy. pose proof (size_ge_0 (minus x y)) as Sd.
  set (s := size x + size y) in *. set (d := size (minus x y)) in *.
  replace (f x * g x - f y * g y) with (f x * (g x - g y) + g y * (f x - f y)) by ring.
  eapply Rle_trans; [apply Rabs_triang|]. rewrite !Rabs_mult.
  assert (Fx : Rabs (f x) <= K * exp (k * s)).
  { eapply Rle_trans; [apply Gf|]. apply Rmult_le_compat_l; [exact HK|]. apply exp_le. unfold s. nra. }
  assert (Gy : Rabs (g y) <= J * exp (j * s)).
  { eapply Rle_trans; [apply Gg|]. apply Rmult_le_compat_l; [exact HJ|]. apply exp_le. unfold s. nra. }
  assert (P : Rabs (f x) * Rabs (g x - g y) <= (K * D) * exp ((k + b + j + a) * s) * d).
  { eapply Rle_trans; [apply Rmult_le_compat; [apply Rabs_pos|apply Rabs_pos|exact Fx|exact H2]|].
    replace (K * exp (k * s) * (D * exp (b * s) * d)) with ((K * D) * (exp (k * s) * exp (b * s)) * d) by ring.
    rewrite <- exp_plus. replace (k * s + b * s) with ((k + b) * s) by ring. apply wider; try lra; unfold s; nra. }
  assert (Q : Rabs (g y) * Rabs (f x - f y) <= (J * C) * exp ((k + b + j + a) * s) * d).
  { eapply Rle_trans; [apply Rmult_le_compat; [apply Rabs_pos|apply Rabs_pos|exact Gy|exact H1]|].
    replace (J * exp (j * s) * (C * exp (a * s) * d)) with ((J * C) * (exp (j * s) * exp (a * s)) * d) by ring.
    rewrite <- exp_plus. replace (j * s + a * s) with ((j + a) * s) by ring. apply wider; try lra; unfold s; nra. }
  lra.
Qed.

Lemma moderate_scal c f : moderate f -> moderate (fun x => c * f x).
Proof. intros H. apply moderate_mult; [apply moderate_const|exact H]. Qed.

Lemma exp_lipschitz p q b : p <= b -> q <= b -> Rabs (exp p - exp q) <= exp b * Rabs (p - q).
Proof.
  assert (W : forall p q, p <= q -> q <= b -> exp q - exp p <= exp b * (q - p)).
  { intros s t Hst Htb. replace (exp s) with (exp t * exp (s - t)) by (rewrite <- exp_plus; f_equal; ring).
    pose proof (exp_ineq1_le (s - t)). pose proof (exp_pos t). pose proof (exp_le t b Htb). nra. }
  intros Hp Hq. destruct (Rle_dec p q) as [H|H].
  - rewrite !Rabs_left1; [|lra|pose proof (exp_le p q H); lra]. specialize (W p q H Hq). lra.
  - rewrite !Rabs_right; [|lra|pose proof (exp_le q p); lra]. specialize (W q p ltac:(lra) Hp). lra.
Qed.

Lemma moderate_exp a : moderate (fun x => exp (dot a x)).
Proof.
  exists (size a), (size a). pose proof (size_ge_0 a). repeat split; try lra. intros x y.
  pose proof (size_ge_0 x) as Sx. pose proof (size_ge_0 y) as Sy. pose proof (size_ge_0 (minus x y)) as Sd.
  pose proof (dot_size a x) as Dx. pose proof (dot_size a y) as Dy.
  pose proof (Rle_abs (dot a x)). pose proof (Rle_abs (dot a y)).
  eapply Rle_trans; [apply exp_lipschitz with (b := size a * (size x + size y)); nra|].
  rewrite <- dot_minus. pose proof (dot_size a (minus x y)).
  pose proof (exp_pos (size a * (size x + size y))). nra.
Qed.

Lemma size_add m x : size (add m x) <= size m + size x.
Proof.
  unfold size, add; simpl. pose proof (Rabs_triang (fst m) (fst x)). pose proof (Rabs_triang (snd m) (snd x)). lra.
Qed.

Lemma moderate_shift m g : moderate g -> moderate (fun z => g (add m z)).
Proof.
  intros (C & a & HC & Ha & H). exists (C * exp (a * (2 * size m))), a. repeat split; try assumption.
  { pose proof (exp_pos (a * (2 * size m))). nra. }
  intros x y. eapply Rle_trans; [apply H|].
  replace (minus (add m x) (add m y)) with (minus x y) by (unfold minus, add; simpl; f_equal; ring).
  apply Rmult_le_compat_r; [apply size_ge_0|]. rewrite Rmult_assoc, <- exp_plus.
  apply Rmult_le_compat_l; [exact HC|]. apply exp_le. pose proof (size_add m x). pose proof (size_add m y). nra.
Qed.

Lemma lip_ordered phi : (forall s t, s <= t -> 0 <= phi t - phi s <= t - s) -> forall s t, Rabs (phi s - phi t) <= Rabs (s - t).
Proof.
  intros H s t. destruct (Rle_dec s t) as [Hst|Hst].
  - specialize (H s t Hst). rewrite !Rabs_left1; lra.
  - specialize (H t s ltac:(lra)). rewrite !Rabs_right; lra.
Qed.

(* The log-sum-exp of two logits, as a function of their difference. *)
Lemma softplus_lipschitz a b : 0 < a -> 0 < b ->
  forall s t, Rabs (ln (a * exp s + b) - ln (a * exp t + b)) <= Rabs (s - t).
Proof.
  intros Ha Hb. apply lip_ordered with (phi := fun s => ln (a * exp s + b)). intros s t H.
  pose proof (exp_pos s) as Ps. pose proof (exp_le s t H) as E.
  assert (P : 0 < a * exp s + b) by nra.
  split.
  - cut (ln (a * exp s + b) <= ln (a * exp t + b)); [lra|]. apply ln_le; nra.
  - cut (ln (a * exp t + b) <= ln (exp (t - s) * (a * exp s + b))).
    { rewrite ln_mult; [|apply exp_pos|exact P]. rewrite ln_exp. lra. }
    pose proof (exp_ge_1 (t - s) ltac:(lra)).
    assert (exp t = exp (t - s) * exp s) as -> by (rewrite <- exp_plus; f_equal; ring).
    apply ln_le; [|nra]. pose proof (exp_pos (t - s)). assert (0 < exp (t - s) * exp s) by (apply Rmult_lt_0_compat; assumption). nra.
Qed.

(* The probability of the first of two labels, as a function of the difference of their logits; c is the second weight divided by the first. *)
Definition sigma (c s : R) := / (1 + c * exp (- s)).

Lemma sigma_lipschitz c : 0 < c -> forall s t, Rabs (sigma c s - sigma c t) <= Rabs (s - t).
Proof.
  intros Hc. apply lip_ordered. intros s t H. unfold sigma.
  pose proof (exp_pos (- s)) as Ps. pose proof (exp_pos (- t)) as Pt.
  assert (E : exp (- t) <= exp (- s)) by (apply exp_le; lra).
  assert (K : exp (- s) * (1 - (t - s)) <= exp (- t)).
  { replace (- t) with (- s + (s - t)) by ring. rewrite exp_plus. pose proof (exp_ineq1_le (s - t)). nra. }
  set (p := exp (- s)) in *. set (q := exp (- t)) in *.
  assert (D1 : 0 < 1 + c * p) by nra. assert (D2 : 0 < 1 + c * q) by nra.
  replace (/ (1 + c * q) - / (1 + c * p)) with (c * (p - q) / ((1 + c * p) * (1 + c * q))) by (field; lra).
  assert (D : 0 < (1 + c * p) * (1 + c * q)) by nra.
  split.
  - apply Rmult_le_pos; [nra|left; apply Rinv_0_lt_compat; exact D].
  - apply Rmult_le_reg_r with (1 := D). unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra.
    rewrite Rmult_1_r.
    assert (I1 : c * (p - q) <= c * p * (t - s)).
    { rewrite Rmult_assoc. apply Rmult_le_compat_l; [lra|nra]. }
    assert (I2 : 0 < c * p) by (apply Rmult_lt_0_compat; assumption).
    assert (I3 : 0 < c * q) by (apply Rmult_lt_0_compat; assumption).
    assert (I4 : 0 < (c * p) * (c * q)) by (apply Rmult_lt_0_compat; assumption).
    eapply Rle_trans; [exact I1|]. rewrite Rmult_comm. apply Rmult_le_compat_l; lra.
Qed.
