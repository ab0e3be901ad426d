<?php

declare(strict_types=1);

// For who does not use Composer.
spl_autoload_register(static function (string $class): void {
    if (str_starts_with($class, 'Grapevine\\')) {
        $file = __DIR__ . '/src/' . str_replace('\\', '/', substr($class, 10)) . '.php';
        if (is_file($file)) {
            require $file;
        }
    }
});
