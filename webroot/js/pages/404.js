import '../parts/shell.js';
